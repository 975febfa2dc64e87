"""Criteo's TSV: values, missing ones, and every way a line can be wrong."""

import gzip
import re

import numpy as np
import pytest

from pipeline.data.readers.registry import open_table
from pipeline.errors import DataError

NUMBERS = ["1", "-2", "", "4", *[""] * 9]
CATEGORIES = ["68fd1e64", "", *["a73ee510"] * 24]


def test_counts_are_floats_and_categories_are_eight_bytes(read, criteo_line):
    table = read("train.txt", criteo_line("1", NUMBERS, CATEGORIES) + b"\n", "criteo")
    assert [table["I1"].dtype, table["C1"].dtype, table["label"].dtype] == [np.float64, "S8", np.int64]
    assert (table["label"][0], table["I1"][0], table["I2"][0], table["C1"][0]) == (1, 1.0, -2.0, b"68fd1e64")


def test_an_empty_count_is_nan_and_an_empty_category_is_empty(read, criteo_line):
    table = read("train.txt", criteo_line("0", NUMBERS, CATEGORIES) + b"\n", "criteo")
    assert np.isnan(table["I3"][0])
    assert table["C2"][0] == b""


def test_a_test_file_has_no_label(read, criteo_line):
    table = read("test.txt", criteo_line("", NUMBERS, CATEGORIES) + b"\n", "criteo")
    assert next(iter(table.columns)) == "I1"
    assert len(table.columns) == 39


def test_a_last_line_without_its_line_end_is_a_row(read, criteo_line):
    assert len(read("train.txt", criteo_line("0") + b"\n" + criteo_line("1"), "criteo")) == 2


def test_blank_lines_are_no_rows(read, criteo_line):
    assert read("t", criteo_line("0") + b"\n\n" + criteo_line("1") + b"\n\n", "criteo")["label"].tolist() == [0, 1]


def test_windows_line_ends_are_line_ends(read, criteo_line):
    line = criteo_line("0", NUMBERS, CATEGORIES)
    assert read("t", line + b"\r\n" + line + b"\r\n", "criteo")["C26"].tolist() == [b"a73ee510"] * 2


def test_gzip_is_unpacked_whatever_the_name(read, criteo_line):
    assert len(read("train.txt", gzip.compress(criteo_line("0") + b"\n"), "criteo")) == 1


def test_no_table_has_more_rows_than_asked_for(tmp_path, criteo_line):
    (tmp_path / "t").write_bytes((criteo_line("0") + b"\n") * 7)
    assert [len(t) for t in open_table(tmp_path / "t", "criteo", chunk_rows=3)] == [3, 3, 1]


GOOD = "0" + "\t" * 39


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (f"{GOOD}\n0\t1\n", "t:2: 2 values instead of 40"),
        (
            f"{GOOD}\n0\t1",
            "t:2: 2 values instead of 40; mend or delete the line; if it is the file's last, the file is cut",
        ),
        (f"{GOOD}\n\n{GOOD}\n{GOOD}\t\n", "t:4: 41 values instead of 40"),
        (f"{GOOD}\n7{GOOD[1:]}\n", "t:2: column label: '7' is not yes or no"),
        (f"{GOOD}\n{GOOD[1:]}\n", "t:2: column label: is missing"),
        (f"{GOOD}\n0\t\tx{GOOD[3:]}\n", "t:2: column I2: 'x' is not a number"),
        (f"{GOOD}\n{GOOD}68fd1e", "t:2: column C26: '68fd1e' is not text of eight bytes"),
    ],
)
def test_a_malformed_line_is_named_with_its_column(read, content, message):
    with pytest.raises(DataError, match=re.escape(message)):
        read("t", content.encode(), "criteo")


def test_a_fault_behind_a_good_block_has_its_own_line_number(read, criteo_line):
    good = criteo_line("1", ["1"] * 13, ["68fd1e64"] * 26) + b"\n"
    many = (5 << 20) // len(good)  # more than one block
    with pytest.raises(DataError, match=f"t:{many + 1}: 1 values instead of 40"):
        read("t", good * many + b"0", "criteo")


def test_a_cut_gzip_file_is_called_damaged(read, criteo_line):
    packed = gzip.compress(criteo_line("0") + b"\n")
    with pytest.raises(DataError, match="t: is damaged"):
        read("t", packed[:-9], "criteo")


def test_an_empty_file_has_no_rows(read):
    with pytest.raises(DataError, match="t: has no rows"):
        read("t", b"", "criteo")
