"""Tables cut another way: rows for one worker of many, batches of one size.  Memory: a chunk and a batch."""

from collections.abc import Iterable, Iterator

from pipeline.data.table import Table, concatenate
from pipeline.errors import DataError


def shard(tables: Iterable[Table], index: int, count: int) -> Iterator[Table]:
    """The rows whose number in the stream, from 0, leaves the remainder `index` by `count`.

    Every row is in exactly one of the `count` shards, the same one whatever the chunks; shards differ by one row at
    most.  Raises DataError unless 0 ≤ index < count.
    """
    if not 0 <= index < count:
        raise DataError("data", f"there is no shard {index} of {count}", f"use one of 0 … {count - 1}")
    return _shard(tables, index, count)


def _shard(tables: Iterable[Table], index: int, count: int) -> Iterator[Table]:
    first = index  # row of the next table, if it is long enough
    for table in tables:
        if first < len(table):
            yield table.rows(slice(first, None, count))
        first = (first - len(table)) % count if first < len(table) else first - len(table)


def batches(tables: Iterable[Table], rows: int, *, keep_last: bool = False) -> Iterator[Table]:
    """Tables of exactly `rows` rows, in order; a shorter rest is left out unless it is to be kept.

    Raises DataError for less than one row.
    """
    if rows < 1:
        raise DataError("data", f"a batch of {rows} rows", "use 1 or more")
    return _batches(tables, rows, keep_last)


def _batches(tables: Iterable[Table], rows: int, keep_last: bool) -> Iterator[Table]:
    rest: list[Table] = []  # less than a batch
    for table in tables:
        rest.append(table)
        if sum(map(len, rest)) < rows:
            continue
        whole = concatenate(rest)
        end = len(whole) // rows * rows
        for start in range(0, end, rows):
            yield whole.rows(slice(start, start + rows))
        rest = [whole.rows(slice(end, None))] if end < len(whole) else []
    if rest and keep_last:
        yield concatenate(rest)
