"""libsvm and libffm: features as ragged columns, faults with their line."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.data.readers.registry import open_table
from pipeline.data.table import concatenate
from pipeline.errors import DataError


def test_libsvm_indices_count_from_zero(read):
    table = read("a.libsvm", b"+1 1:0.5 3:-2\n-1\n0 2:1e-3\n")
    assert table["label"].tolist() == [1.0, -1.0, 0.0]
    assert table["index"].offsets_R1.tolist() == [0, 2, 2, 3]
    assert table["index"].values_V.tolist() == [0, 2, 1]
    assert table["value"].values_V.tolist() == [0.5, -2.0, 0.001]


def test_libsvm_comments_and_blank_lines_are_no_rows(read):
    assert read("a.svm", b"# made by hand\n1 1:1 # the first\n\n   \n0 1:2")["label"].tolist() == [1.0, 0.0]


def test_libffm_has_fields(read):
    table = read("a.ffm", b"1 0:7:1 2:9:0.5\n0 1:3:1\n")
    assert [table[name].values_V.tolist() for name in ("field", "index", "value")] == [
        [0, 2, 1],
        [7, 9, 3],
        [1, 0.5, 1],
    ]


def test_a_file_that_counts_from_zero_is_read_with_base_0(read):
    assert read("a.svm", b"1 0:1\n", base=0)["index"].values_V.tolist() == [0]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        (
            "a.svm",
            b"1 1:1\n\n1 0:1\n",
            "a.svm:3: index below 1; mend the line; if the file counts from another number, say so with base",
        ),
        ("a.svm", b"1 1:1\n1 1:1:1\n", "a.svm:2: a feature is not index:value"),
        ("a.svm", b"1 1:1\n1 2", "a.svm:2: a feature is not index:value"),
        ("a.svm", b"1 1:1\n1 2:x\n", "a.svm:2: Failed to parse string: 'x'"),
        ("a.svm", b"1 1:1\n1 qid:3\n", "a.svm:2: Failed to parse string: 'qid'"),
        ("a.svm", b"yes 1:1\n", "a.svm:1: Failed to parse string: 'yes'"),
        ("a.svm", b"1 1:1\n1 \xff:1\n", "a.svm:2: column line"),
        ("a.ffm", b"1 1:1\n", "a.ffm:1: a feature is not field:index:value"),
        ("a.svm", b"# nothing\n", "a.svm: has no rows"),
    ],
)
def test_a_malformed_line_is_named(read, name, content, message):
    with pytest.raises(DataError, match=re.escape(message)):
        read(name, content)


def test_a_line_that_two_blocks_cannot_hold_is_named(read):
    content = b"1 1:1\n" + b"1 " + b"1:1 " * (200 << 10) + b"\n1 " + b"1:1 " * (13 << 18) + b"\n"
    with pytest.raises(DataError, match=r"a\.svm:3: is no row of values \(field larger than field limit \(8388608\)\)"):
        read("a.svm", content)


def test_a_long_line_is_a_row_and_the_fault_behind_it_has_its_own_line(read):
    with pytest.raises(DataError, match=r"a\.svm:2: a feature is not index:value"):
        read("a.svm", b"1 " + b"1:1 " * (200 << 10) + b"\n1 2\n")


FEATURES = st.lists(st.tuples(st.integers(1, 10**9), st.floats(allow_nan=False)), max_size=5)


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(-5, 5), FEATURES), min_size=1, max_size=20), st.integers(1, 7))
def test_what_is_written_is_read(tmp_path_factory, rows, chunk_rows):
    path = tmp_path_factory.mktemp("svm") / "t.libsvm"
    path.write_text("".join(" ".join([str(y), *(f"{i}:{v!r}" for i, v in x)]) + "\n" for y, x in rows))
    table = concatenate(list(open_table(path, chunk_rows=chunk_rows)))
    assert table["label"].tolist() == [y for y, _ in rows]
    assert table["index"].lengths_R.tolist() == [len(x) for _, x in rows]
    assert table["index"].values_V.tolist() == [i - 1 for _, x in rows for i, _ in x]
    assert table["value"].values_V.tolist() == [v for _, x in rows for _, v in x]
