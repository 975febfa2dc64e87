"""Different values, found by hashing."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.data.distinct import distinct

COLUMNS = st.one_of(
    st.lists(st.integers(-(2**63), 2**63 - 1).map(np.int64), max_size=30),
    st.lists(st.sampled_from([b"", b"a", b"ab", b"68fd1e64", b"longer than eight"]), max_size=30),
)


@settings(deadline=None)
@given(COLUMNS)
def test_every_value_is_at_its_place_among_the_different_ones(values):
    column = np.array(values) if values else np.zeros(0, np.int64)
    different, places = distinct(column)
    np.testing.assert_array_equal(different[places], column)
    assert len({*different.tolist()}) == len(different)


def test_values_come_in_the_order_of_their_first_appearance():
    assert distinct(np.array([b"b", b"a", b"b", b"c"]))[0].tolist() == [b"b", b"a", b"c"]


@pytest.mark.parametrize("empty", [np.zeros(0, "S3"), np.zeros(0, np.int64)])
def test_no_values_have_no_different_ones(empty):
    different, places = distinct(empty)
    assert (len(different), len(places), different.dtype) == (0, 0, empty.dtype)


def test_every_second_value_is_found_too():
    assert distinct(np.array([b"x", b"y", b"x", b"z"])[::2])[0].tolist() == [b"x"]
