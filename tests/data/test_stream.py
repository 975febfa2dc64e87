"""Shards and batches: every row once, whatever the chunks."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.data.stream import batches, shard
from pipeline.data.table import Ragged, Table
from pipeline.errors import DataError


def chunks(sizes):
    ends = np.cumsum([0, *sizes])
    return [Table({"row": np.arange(a, b)}) for a, b in itertools.pairwise(ends)]


def rows(tables):
    return [table["row"].tolist() for table in tables]


SIZES = st.lists(st.integers(1, 9), max_size=12)


@settings(deadline=None)
@given(SIZES, st.integers(1, 7))
def test_every_row_is_in_exactly_one_shard_by_its_number(sizes, count):
    for index in range(count):
        found = itertools.chain.from_iterable(rows(shard(chunks(sizes), index, count)))
        assert [*found] == list(range(index, sum(sizes), count))


@settings(deadline=None)
@given(SIZES, st.integers(1, 10))
def test_batches_have_exactly_so_many_rows_in_order(sizes, size):
    whole = sum(sizes) // size * size
    assert rows(batches(chunks(sizes), size)) == np.arange(whole).reshape(-1, size).tolist()


@settings(deadline=None)
@given(SIZES, st.integers(1, 10))
def test_the_rest_can_be_kept(sizes, size):
    total = sum(sizes)
    expected = [list(range(start, min(start + size, total))) for start in range(0, total, size)]
    assert rows(batches(chunks(sizes), size, keep_last=True)) == expected


def test_ragged_columns_are_batched():
    table = Table({"r": Ragged(np.array([0, 2, 2, 3]), np.array([7, 8, 9]))})
    second = list(batches([table], 2, keep_last=True))[1]["r"]
    assert (second.offsets_R1.tolist(), second.values_V.tolist()) == ([0, 1], [9])


def test_a_stream_is_read_no_further_than_a_batch_needs():
    def endless():
        while True:
            yield Table({"row": np.zeros(3)})

    assert len(next(batches(shard(endless(), 1, 2), 5))) == 5


@pytest.mark.parametrize(("index", "count"), [(2, 2), (-1, 2), (0, 0)])
def test_a_shard_that_does_not_exist_is_refused_at_once(index, count):
    with pytest.raises(DataError, match=f"there is no shard {index} of {count}"):
        shard([], index, count)


def test_a_batch_of_no_rows_is_refused_at_once():
    with pytest.raises(DataError, match="a batch of 0 rows; use 1 or more"):
        batches([], 0)
