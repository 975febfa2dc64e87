import numpy as np
import pytest
from small_arms import build, outputs

from pipeline.layers.quotient_remainder import QuotientRemainderSpec


@pytest.mark.parametrize("style", ["class", "functional"])
@pytest.mark.parametrize(
    ("operation", "expected_BD"),
    [
        ("multiply", [[(33 + 16) / 2, (240 + 200) / 2]]),
        ("add", [[(14 + 10) / 2, (32 + 30) / 2]]),
    ],
)
def test_id_is_composed_of_its_quotient_and_remainder(style, operation, expected_BD):
    model, weights = build("quotient_remainder", style, tokens=2, vocabulary=6, buckets=4, width=2, operation=operation)
    weights["quotient"].assign([[2.0, 10.0], [3.0, 20.0]])
    weights["remainder"].assign([[1.0, 3.0], [11.0, 12.0], [5.0, 6.0], [8.0, 20.0]])
    # 5 = 1 * 4 + 1: [3, 20] with [11, 12]; 3 = 0 * 4 + 3: [2, 10] with [8, 20]; then their mean
    np.testing.assert_array_equal(outputs(model, np.array([[5, 3]], "int32")), expected_BD)


def test_every_id_has_a_pair_of_its_own():
    spec = QuotientRemainderSpec(tokens=1, vocabulary=10, buckets=4)
    assert spec.quotients == 3
    assert len({(id_ // 4, id_ % 4) for id_ in range(10)}) == 10


@pytest.mark.parametrize("style", ["class", "functional"])
def test_ids_of_one_table_row_differ_by_the_other(style):
    model, _ = build("quotient_remainder", style, tokens=1)
    vectors_BD = outputs(model, np.arange(7, dtype="int32")[:, np.newaxis])
    assert len(np.unique(vectors_BD, axis=0)) == 7
