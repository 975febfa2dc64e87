"""idx, npz, parquet and the UCR archive."""

import gzip
import re
import struct
import zipfile

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from pipeline.data.readers.registry import open_table
from pipeline.data.table import MISSING, concatenate
from pipeline.errors import DataError

IMAGES = struct.pack(">BBBBIII", 0, 0, 8, 3, 2, 2, 3) + bytes(range(12))


def test_idx_images_keep_their_shape(read):
    values = read("train-images-idx3-ubyte.gz", gzip.compress(IMAGES))["values"]
    assert values.tolist() == [[[0, 1, 2], [3, 4, 5]], [[6, 7, 8], [9, 10, 11]]]
    assert values.dtype == np.uint8


def test_idx_numbers_have_their_most_significant_byte_first(read):
    values = read("t", struct.pack(">BBBBIii", 0, 0, 0x0C, 1, 2, 1, -2), "idx")["values"]
    assert values.tolist() == [1, -2]
    assert values.dtype.isnative


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"\x01" + IMAGES[1:], "begins with 01 00 08 03, which is not idx"),
        (IMAGES[:3], "begins with 00 00 08, which is not idx"),
        (IMAGES[:10], "ends within its header"),
        (IMAGES[:-1], "1 whole rows instead of 2: it is cut off"),
        (IMAGES + b"\0", "goes on after its 2 rows"),
        (struct.pack(">BBBBI", 0, 0, 8, 1, 0), "has no rows"),
    ],
)
def test_damaged_idx_is_refused(read, content, message):
    with pytest.raises(DataError, match=re.escape(f"t: {message}")):
        read("t", content, "idx")


@settings(deadline=None)
@given(hnp.arrays(hnp.integer_dtypes(), st.tuples(st.integers(1, 9), st.integers(0, 3))), st.integers(1, 4))
def test_npz_comes_back_in_pieces(tmp_path_factory, values, chunk_rows):
    path = tmp_path_factory.mktemp("npz") / "t.npz"
    np.savez_compressed(path, x=np.ascontiguousarray(values), y=np.arange(len(values)))
    table = concatenate(list(open_table(path, chunk_rows=chunk_rows)))
    np.testing.assert_array_equal(table["x"], values)
    assert table["x"].dtype == values.dtype.newbyteorder("=")
    assert table["y"].tolist() == list(range(len(values)))


def test_wide_rows_make_small_tables(tmp_path):
    np.savez_compressed(tmp_path / "t.npz", x=np.zeros((3, 33 << 20), np.uint8))
    assert [len(table) for table in open_table(tmp_path / "t.npz")] == [1, 1, 1]


@pytest.mark.parametrize(
    ("arrays", "message"),
    [
        ({"x": np.zeros(3), "y": np.zeros(2)}, "arrays of different lengths: {'x': 3, 'y': 2}"),
        ({"x": np.array([{}], dtype=object)}, "x.npy has Python objects"),
        ({"x": np.asfortranarray(np.ones((2, 3)))}, "x.npy has Fortran's order"),
        ({"x": np.float64(1)}, "x.npy has no rows"),
        ({}, "has no rows"),
    ],
)
def test_arrays_that_make_no_table_are_refused(tmp_path, arrays, message):
    np.savez(tmp_path / "t.npz", **arrays)
    with pytest.raises(DataError, match=re.escape(message)):
        list(open_table(tmp_path / "t.npz"))


def test_a_member_that_is_no_array_is_refused(tmp_path):
    with zipfile.ZipFile(tmp_path / "t.npz", "w") as archive:
        archive.writestr("readme.txt", "hello")
    with pytest.raises(DataError, match=r"t\.npz: readme\.txt is no array"):
        list(open_table(tmp_path / "t.npz"))


def test_a_cut_npz_is_called_damaged(tmp_path):
    np.savez(tmp_path / "t.npz", x=np.arange(100))
    (tmp_path / "t.npz").write_bytes((tmp_path / "t.npz").read_bytes()[:-30])
    with pytest.raises(DataError, match=r"t\.npz: is damaged"):
        list(open_table(tmp_path / "t.npz"))


def test_parquet_columns_become_the_three_kinds(tmp_path):
    table = pa.table(
        {
            "small": pa.array([1, None, 3], pa.int8()),
            "flag": [True, None, False],
            "number": pa.array([0.5, None, -1.0], pa.float32()),
            "text": ["a", None, "ccc"],
            "coded": pa.array(["x", "y", "x"]).dictionary_encode(),
            "tags": [["p", "q"], None, ["r"]],
            "when": pa.array([np.datetime64("1970-01-02T00:00:01.5"), None, None], pa.timestamp("ms")),
        }
    )
    pq.write_table(table, tmp_path / "t.parquet")
    (read,) = open_table(tmp_path / "t.parquet")
    assert read["small"].tolist() == [1, MISSING, 3]
    assert read["flag"].tolist() == [1, MISSING, 0]
    np.testing.assert_array_equal(read["number"], np.array([0.5, np.nan, -1.0], np.float32))
    assert read["text"].tolist() == [b"a", b"", b"ccc"]
    assert read["coded"].tolist() == [b"x", b"y", b"x"]
    assert (read["tags"].offsets_R1.tolist(), read["tags"].values_V.tolist()) == ([0, 2, 2, 3], [b"p", b"q", b"r"])
    assert read["when"].tolist() == [86_401, MISSING, MISSING]


def test_parquet_is_read_in_pieces_with_the_columns_asked_for(tmp_path):
    pq.write_table(pa.table({"a": range(10), "b": range(10)}), tmp_path / "t.parquet", row_group_size=4)
    tables = list(open_table(tmp_path / "t.parquet", chunk_rows=3, columns=["b"]))
    assert max(map(len, tables)) == 3
    assert list(tables[0].columns) == ["b"]
    assert concatenate(tables)["b"].tolist() == list(range(10))


@pytest.mark.parametrize(
    ("column", "message"),
    [
        (pa.array([[[1]]]), "column a: a list of lists; shorten or cast it"),
        (pa.array([2**63], pa.uint64()), "column a: Integer value 9223372036854775808 not in range"),
        (pa.array([{"x": 1}]), "column a: "),
    ],
)
def test_a_parquet_column_that_a_table_cannot_hold_is_named(tmp_path, column, message):
    pq.write_table(pa.table({"a": column}), tmp_path / "t.parquet")
    with pytest.raises(DataError, match=re.escape(message)):
        list(open_table(tmp_path / "t.parquet"))


def test_a_parquet_column_that_is_not_there_is_named(tmp_path):
    pq.write_table(pa.table({"a": [1]}), tmp_path / "t.parquet")
    with pytest.raises(DataError, match="has no column 'z'; use some of a"):
        list(open_table(tmp_path / "t.parquet", columns=["z"]))


@pytest.mark.parametrize("cut", [0, 4, 20])
def test_a_cut_parquet_file_is_refused(read, tmp_path, cut):
    pq.write_table(pa.table({"a": [1]}), tmp_path / "whole.parquet")
    with pytest.raises(DataError, match="is not parquet or is damaged"):
        read("t.parquet", (tmp_path / "whole.parquet").read_bytes()[:cut])


UCR = "001_UCR_Anomaly_Heart_3_4_6.txt"


@pytest.mark.parametrize(
    "content", [b"1\n2\n3\n4\n5.5\n6e0\n7\n", b"  1   2 3  4 5.5 6e0 7", b"1\r\n2\n3\n4\n5.5\n6e0\n7"]
)
def test_ucr_values_stand_one_a_line_or_in_one_line(read, content):
    table = read(UCR, content, chunk_rows=2)
    assert table["value"].tolist() == [1, 2, 3, 4, 5.5, 6, 7]
    assert table["is_training"].tolist() == [1, 1, 1, 0, 0, 0, 0]
    assert table["is_anomaly"].tolist() == [0, 0, 0, 0, 1, 1, 0]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        (UCR, b"1\n2\nx\n", f"{UCR}:3: column value: 'x' is not a number"),
        (UCR, b"1\n2\n3\n4\n5\n", f"{UCR}: 5 values, but its anomaly ends at 6: it is cut off"),
        ("heart.txt", b"1\n", "heart.txt: its name lacks"),
    ],
)
def test_malformed_ucr_is_refused(read, name, content, message):
    with pytest.raises(DataError, match=re.escape(message)):
        read(name, content, "ucr")
