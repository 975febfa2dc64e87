"""Reading tables out of wheels: what is right is read, what is wrong is named with its line."""

import gzip
import re

import numpy as np
import pytest

from pipeline.data.wheel import read_table
from pipeline.errors import DataError

CSV = b"a,b\n1,2\n3,4\n"


def read(wheel, member="t.csv", header="a,b"):
    return read_table(wheel, member, delimiter=",", columns=2, dtype=np.uint8, header=header)


def test_a_table_is_read_below_its_header(make_wheel):
    table_RC = read(make_wheel({"t.csv": CSV}))
    assert table_RC.tolist() == [[1, 2], [3, 4]]
    assert table_RC.dtype == np.uint8


def test_a_packed_table_without_a_header_is_read(make_wheel):
    wheel = make_wheel({"t.csv.gz": gzip.compress(b"1,2\n")})
    assert read(wheel, "t.csv.gz", header="").tolist() == [[1, 2]]


def test_a_missing_member_is_named(make_wheel):
    with pytest.raises(DataError, match=r"tinydigits-1\.0.*: t\.csv: is not in the wheel; delete the wheel"):
        read(make_wheel({"other.csv": CSV}))


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"a,b\n1,2\n3", "line 3 has 1 fields instead of 2"),
        (b"a,b\n1,2\n3,4,5\n", "line 3 has 3 fields instead of 2"),
        (b"a,b\n1,x\n", "line 2 is not 2 numbers of type uint8: '1,x'"),
        (b"a,b\n1,2\n3,256\n", "line 3 is not 2 numbers of type uint8: '3,256'"),
        (b"a,b\n1,2\n\n3,4\n", "line 3 has 1 fields instead of 2"),
        (b"b,a\n1,2\n", "line 1 is 'b,a' instead of 'a,b'"),
        (b"", "line 1 is '' instead of 'a,b'"),
        (b"a,b\n", "has no rows"),
        (b"\xff\xfe", "can't be read"),
    ],
)
def test_a_malformed_table_is_refused_with_its_fault(make_wheel, content, fault):
    with pytest.raises(DataError, match=re.escape(f"t.csv: {fault}")):
        read(make_wheel({"t.csv": content}))


def test_rows_that_all_have_the_wrong_width_are_refused(make_wheel):
    with pytest.raises(DataError, match="line 2 has 3 fields instead of 2"):
        read(make_wheel({"t.csv": b"a,b\n1,2,3\n4,5,6\n"}))


def test_a_cut_off_gzip_stream_is_refused(make_wheel):
    with pytest.raises(DataError, match=r"t\.csv\.gz: can't be read"):
        read(make_wheel({"t.csv.gz": gzip.compress(CSV)[:-12]}), "t.csv.gz")


def test_a_file_that_is_no_zip_is_refused(tmp_path):
    path = tmp_path / "no.whl"
    path.write_bytes(b"not a zip")
    with pytest.raises(DataError, match=r"no\.whl: t\.csv: can't be read"):
        read(path)
