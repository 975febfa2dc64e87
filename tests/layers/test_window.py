import numpy as np
import pytest
from small_arms import build, outputs

from pipeline.errors import ConfigError
from pipeline.layers.view import view
from pipeline.layers.window import spec_for
from pipeline.records import Dataset, Examples


@pytest.mark.parametrize("style", ["class", "functional"])
def test_patches_by_hand_end_with_the_window(style):
    model, weights = build("window", style, steps=6, features=1, patch=3, stride=2, units=2)
    weights["kernel"].assign([[[1.0, -1.0]], [[10.0, -10.0]], [[100.0, -100.0]]])
    weights["bias"].assign([0.5, 250.0])
    # (6 - 3) % 2 = 1 step is cut off at the front: patches 2, 3, 4 and 4, 5, 6
    # 2 + 30 + 400 = 432 and 4 + 50 + 600 = 654; the second unit: relu(250 - 432) = 0, relu(250 - 654) = 0
    windows_BTF = np.arange(1.0, 7.0, dtype="float32").reshape(1, 6, 1)
    np.testing.assert_allclose(outputs(model, windows_BTF), [[432.5, 0.0, 654.5, 0.0]], rtol=1e-6)


@pytest.mark.parametrize("style", ["class", "functional"])
def test_features_of_a_step_have_weights_of_their_own(style):
    model, weights = build("window", style, steps=2, features=2, patch=2, stride=1, units=1)
    weights["kernel"].assign([[[1.0], [10.0]], [[100.0], [1000.0]]])
    got_BX = outputs(model, np.array([[[1.0, 2.0], [3.0, 4.0]]], "float32"))
    np.testing.assert_allclose(got_BX, [[4321.0]], rtol=1e-6)


def test_patch_longer_than_a_window_is_refused():
    examples = Examples({"windows": np.zeros((2, 5, 1), "float32")}, np.zeros((2, 1)))
    dataset = Dataset("short", "forecast", examples, examples, outputs=1)
    with pytest.raises(ConfigError, match="patch=8 is longer than a window; use at most 5"):
        spec_for(view(dataset, ("windows",)), {}, 0)
