"""Shuttle: hand-made readings, then the real ones."""

import gzip

import numpy as np
import pytest

from pipeline.data.shuttle import MEMBER, prepare
from pipeline.errors import DataError

HEADER = "f1,f2,f3,f4,f5,f6,f7,f8,f9,anomaly"


def content(*rows):
    return gzip.compress("\n".join([HEADER, *rows, ""]).encode())


def readings():
    """Five usual readings of 1, 2, 3, 4, 5 and five anomalous ones of 11 … 15."""
    values = [(value, 0) for value in range(1, 6)] + [(value, 1) for value in range(11, 16)]
    return content(*(",".join([str(value)] * 9) + f",{anomaly}" for value, anomaly in values))


def test_a_fifth_of_each_class_is_held_out(make_wheel):
    dataset = prepare(make_wheel({MEMBER: readings()}))
    assert (sorted(dataset.train.targets), sorted(dataset.test.targets)) == ([0] * 4 + [1] * 4, [0, 1])


def test_features_are_standardised_by_the_training_part(make_wheel):
    dataset = prepare(make_wheel({MEMBER: readings()}))
    np.testing.assert_allclose(dataset.train.parts["vectors"].mean(axis=0), 0, atol=1e-6)
    np.testing.assert_allclose(dataset.train.parts["vectors"].std(axis=0), 1, rtol=1e-6)


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ("1,2,3", r"shuttle\.csv\.gz:2: 3 values instead of 10"),
        ("1,2,3,4,5,6,7,8,nine,0", r"shuttle\.csv\.gz:2: column f9: 'nine' is not a number"),
        ("1,2,3,4,5,6,7,8,9,2", r"shuttle\.csv\.gz:2: column anomaly: '2' is not yes or no"),
    ],
)
def test_a_malformed_reading_is_refused_with_its_line(make_wheel, row, fault):
    with pytest.raises(DataError, match=fault):
        prepare(make_wheel({MEMBER: content(row)}))


def test_another_header_is_refused(make_wheel):
    with pytest.raises(DataError, match="has no column 'anomaly'"):
        prepare(make_wheel({MEMBER: gzip.compress(b"a,b\n1,2\n")}))


def test_real_readings_have_the_published_counts(loaded):
    dataset = loaded("shuttle")
    assert len(dataset.train) + len(dataset.test) == 49_097
    assert dataset.train.targets.sum() + dataset.test.targets.sum() == 3_511
