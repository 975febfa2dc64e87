import numpy as np
import pytest
from small_arms import build, outputs


@pytest.mark.parametrize("style", ["class", "functional"])
def test_vectors_come_out_as_they_went_in(style):
    model, weights = build("plain", style, features=3)
    vectors_BF = np.array([[1.5, -2.0, 0.0]], "float32")
    np.testing.assert_array_equal(outputs(model, vectors_BF), vectors_BF)
    assert not weights
