import numpy as np
import pytest

from pipeline.errors import BuilderError
from pipeline.frontend import keras
from pipeline.records import WeightRole
from pipeline.training.transplant import transplant


def dense(name, units=2):
    layer = keras.layers.Dense(units, name=name)
    layer.build((None, 3))
    return layer


def test_candidate_gets_the_baselines_values_and_the_map_names_both():
    mine, other = dense("mine"), dense("other")
    weight_map = transplant({"w": mine.kernel}, {"w": other.kernel})
    np.testing.assert_array_equal(np.asarray(mine.kernel), np.asarray(other.kernel))
    assert [(weight.role, weight.shape) for weight in weight_map] == [("w", (3, 2))]


def test_role_that_an_arm_does_not_track_has_no_path_there():
    only = dense("only")
    (here,), (there,) = transplant({"w": only.kernel}, {}), transplant({}, {"w": only.kernel})
    assert here == WeightRole("w", (3, 2), here.baseline, None)
    assert there == WeightRole("w", (3, 2), None, here.baseline)
    assert here.baseline.endswith("kernel")


def test_weights_of_different_shapes_are_refused():
    with pytest.raises(BuilderError, match=r"w: the arms' weights have shapes \[\(3, 2\), \(3, 4\)\]"):
        transplant({"w": dense("a").kernel}, {"w": dense("b", units=4).kernel})
