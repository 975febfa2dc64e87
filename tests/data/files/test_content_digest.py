"""A file's digest, kept as long as the file is left alone."""

import hashlib
import os

import pytest

from pipeline.data.files.digest import content_digest
from pipeline.errors import DataError


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(b"x,y\n")
    return path


def test_it_is_the_sha256_of_the_bytes_the_second_time_too(file):
    expected = hashlib.sha256(b"x,y\n").hexdigest()
    assert content_digest(file) == content_digest(file) == expected


def test_a_file_that_was_left_alone_is_not_read_again(file):
    before = content_digest(file)
    status = file.stat()
    file.write_bytes(b"X,Y\n")
    os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert content_digest(file) == before


@pytest.mark.parametrize(("content", "later"), [(b"x,y\n1", 0), (b"X,Y\n", 1)], ids=["size", "time"])
def test_a_file_of_another_size_or_time_is_read_again(file, content, later):
    before, status = content_digest(file), file.stat()
    file.write_bytes(content)
    os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns + later))
    assert content_digest(file) != before


def test_a_missing_file_is_told(tmp_path):
    with pytest.raises(DataError, match=r"none\.csv: can't be read \(No such file or directory\); check the path"):
        content_digest(tmp_path / "none.csv")


def test_a_folder_is_no_file(tmp_path):
    with pytest.raises(DataError, match="can't be read"):
        content_digest(tmp_path)
