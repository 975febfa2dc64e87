"""Formats by name, and what is said at once."""

import re

import pytest

from pipeline.data.readers.place import Place
from pipeline.data.readers.registry import NAMES, READERS, detect, open_table
from pipeline.errors import DataError


@pytest.mark.parametrize(
    ("name", "format"),
    [
        ("adult.data", "adult"),
        ("t10k-labels-idx1-ubyte.gz", "idx"),
        ("train.ffm", "libffm"),
        ("a9a.svm.gz", "libsvm"),
        ("u.data", "movielens_100k"),
        ("day_0.parquet", "parquet"),
        ("135_UCR_Anomaly_InternalBleeding16_1200_4187_4199.txt", "ucr"),
    ],
)
def test_a_telling_name_is_enough(tmp_path, name, format):
    assert detect(Place(tmp_path / name)) == format


def test_every_name_leads_to_a_reader():
    assert {*NAMES.values()} <= {*READERS}


@pytest.mark.parametrize("name", ["train.csv", "train.txt", "data", "ratings.dat.bak"])
def test_a_name_that_may_be_anything_needs_a_format(tmp_path, name):
    with pytest.raises(DataError, match=r"does not tell the format; say which: adult, avazu"):
        detect(Place(tmp_path / name))


@pytest.mark.parametrize(
    ("format", "options", "message"),
    [
        ("xls", {}, "unknown format 'xls'; use one of adult"),
        ("csv", {"delimeter": ";"}, "format csv: got an unexpected keyword argument 'delimeter'"),
        ("criteo", {"chunk_rows": 0}, "chunk_rows=0; use 1 or more"),
    ],
)
def test_a_wrong_call_is_refused_before_anything_is_read(tmp_path, format, options, message):
    with pytest.raises(DataError, match=re.escape(message)):
        open_table(tmp_path / "t", format, **options)


@pytest.mark.parametrize("format", sorted({*READERS} - {"ucr"}))
def test_a_file_that_does_not_exist_is_named(tmp_path, format):
    with pytest.raises(DataError, match="nowhere: does not exist; check the path"):
        list(open_table(tmp_path / "nowhere", format))


def test_a_directory_can_not_be_read(tmp_path):
    with pytest.raises(DataError, match=r"can't be read \(Is a directory\)"):
        list(open_table(tmp_path, "criteo"))
