"""Tables: rows of dense and of ragged columns, cut and joined."""

import numpy as np

from pipeline.data.table import Ragged, Table, concatenate


def ragged(*rows):
    return Ragged(np.cumsum([0, *map(len, rows)]), np.array([value for row in rows for value in row]))


def lists(column):
    return [part.tolist() for part in np.split(column.values_V, column.offsets_R1[1:-1])]


def test_rows_of_a_ragged_column_are_taken_in_any_order():
    assert lists(ragged([1, 2], [], [3], [4, 5, 6])[np.array([3, 0, 1])]) == [[4, 5, 6], [1, 2], []]


def test_rows_of_a_ragged_column_are_taken_by_steps():
    assert lists(ragged([1, 2], [], [3], [4, 5, 6])[1::2]) == [[], [4, 5, 6]]


def test_no_rows_of_a_ragged_column_are_none():
    assert len(ragged([1, 2], [3])[:0]) == 0


def test_the_same_rows_of_every_column_are_taken():
    table = Table({"a": np.arange(4), "b": ragged([1], [2, 3], [], [4]), "c": np.eye(4)}).rows(np.array([1, 3]))
    assert len(table) == 2
    assert (table["a"].tolist(), lists(table["b"]), table["c"].tolist()) == (
        [1, 3],
        [[2, 3], [4]],
        np.eye(4)[[1, 3]].tolist(),
    )


def test_joined_tables_have_all_rows_and_the_widest_text():
    first = Table({"t": np.array([b"a"]), "r": ragged([1, 2])})
    second = Table({"t": np.array([b"long", b""]), "r": ragged([], [3])})
    both = concatenate([first, second])
    assert both["t"].tolist() == [b"a", b"long", b""]
    assert lists(both["r"]) == [[1, 2], [], [3]]
