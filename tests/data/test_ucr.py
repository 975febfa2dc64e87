"""UCR anomaly 135: a hand-made series, then the real one.

The hand-made one alternates between 10 and 14 in its 34 training values (mean 12, deviation 2: -1, 1, -1, ...), then
goes on with 12, 16, 8 (0, 2, -2), of which 16 is the anomaly.
"""

import numpy as np
import pytest

from pipeline.data.ucr import TEST, TRAIN, prepare
from pipeline.errors import DataError

TRAINING = [10 + 4 * (step % 2) for step in range(34)]
SERIES = [*TRAINING, 12, 16, 8]


def series(values, anomaly=None):
    rows = (f"{step},{value},{int(step == anomaly)}" for step, value in enumerate(values))
    return "\n".join(("timestamp,value,is_anomaly", *rows)).encode()


@pytest.fixture
def tiny(make_wheel):
    return prepare(make_wheel({TRAIN: series(TRAINING), TEST: series(SERIES, anomaly=35)}))


def test_a_window_is_followed_by_its_target(tiny):
    assert tiny.train.parts["windows"][0, :, 0].tolist() == [-1.0, 1.0] * 16
    assert tiny.train.parts["windows"][1, :, 0].tolist() == [1.0, -1.0] * 16
    assert tiny.train.targets.tolist() == [[-1.0], [1.0]]


def test_test_targets_begin_where_the_training_part_ends(tiny):
    assert tiny.test.targets.tolist() == [[0.0], [2.0], [-2.0]]
    assert tiny.test.parts["windows"][:, -1, 0].tolist() == [1.0, 0.0, 2.0]


def test_the_label_belongs_to_the_target(tiny):
    assert tiny.test.labels.tolist() == [0, 1, 0]


def test_a_series_that_does_not_begin_with_the_training_part_is_refused(make_wheel):
    with pytest.raises(DataError, match=r"TEST\.csv: does not begin with the training part"):
        prepare(make_wheel({TRAIN: series(TRAINING), TEST: series([0, *SERIES[1:]])}))


def test_a_series_too_short_for_a_window_is_refused(make_wheel):
    with pytest.raises(DataError, match="32 training of 37 values leave no windows of 32"):
        prepare(make_wheel({TRAIN: series(TRAINING[:32]), TEST: series(SERIES)}))


@pytest.fixture(scope="module")
def real(loaded):
    return loaded("ucr_anomaly_135")


def test_real_windows_have_one_feature_over_32_steps(real):
    assert (real.train.parts["windows"].shape, real.test.parts["windows"].shape) == ((1168, 32, 1), (6301, 32, 1))
    assert (real.train.targets.shape, real.test.targets.shape) == ((1168, 1), (6301, 1))
    assert real.train.parts["windows"].dtype == real.train.targets.dtype == np.float32
    assert (real.task, real.outputs, real.vocabulary) == ("forecast", 1, 0)


def test_the_real_training_part_has_mean_0_and_deviation_1(real):
    part = np.concatenate([real.train.parts["windows"][0, :, 0], real.train.targets[:, 0]]).astype(np.float64)
    assert len(part) == 1200
    assert part.mean() == pytest.approx(0, abs=1e-6)
    assert part.std() == pytest.approx(1, abs=1e-6)


def test_the_real_anomaly_is_at_the_values_4187_to_4198_counted_from_0(real):
    assert (1200 + np.flatnonzero(real.test.labels)).tolist() == list(range(4187, 4199))
    assert real.test.labels.dtype == np.int32


def test_real_neighbouring_windows_overlap_but_for_one_value(real):
    np.testing.assert_array_equal(real.test.parts["windows"][1:, :-1], real.test.parts["windows"][:-1, 1:])
    np.testing.assert_array_equal(real.test.parts["windows"][1:, -1], real.test.targets[:-1])
