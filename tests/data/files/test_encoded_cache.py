"""What is encoded is encoded once, and again when it must be; it is mapped, not read."""

import os
import pickle
import subprocess
import sys
import tracemalloc

import numpy as np
import pytest

from pipeline.data.files.encoded import info, load
from pipeline.data.readers import delimited
from pipeline.errors import DataError
from pipeline.records import FileSource

CONTENT = "x,y\n" + "".join(f"{row},{row % 2}\n" for row in range(50))
KEYS = {"format": "csv", "numbers": ["x"], "target": "y"}


@pytest.fixture
def source(write):
    return FileSource(train=write("a.csv", CONTENT), **KEYS)


def folders(cache):
    return sorted(os.listdir(cache / "files"))


def test_the_same_files_are_encoded_once(source, cache):
    load("mine", source)
    before = [(path, path.stat().st_mtime_ns) for path in sorted(cache.rglob("*")) if path.is_file()]
    load("other", source)
    assert [(path, path.stat().st_mtime_ns) for path in sorted(cache.rglob("*")) if path.is_file()] == before


def test_the_fingerprint_does_not_change_with_the_folder(source, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    moved = tmp_path / "elsewhere" / "a.csv"
    moved.write_text(CONTENT)
    assert info("mine", FileSource(train=str(moved), **KEYS)).fingerprint == info("mine", source).fingerprint


def test_the_fingerprint_changes_with_the_content(source, write):
    before = info("mine", source)
    write("a.csv", CONTENT + "50,0\n")
    after = info("mine", source)
    assert before.fingerprint != after.fingerprint


def test_the_fingerprint_changes_with_what_is_made_of_the_content(source):
    other = FileSource(train=source.train, **KEYS, scale="log")
    assert info("mine", other).fingerprint != info("mine", source).fingerprint


def test_the_fingerprint_changes_with_a_file_that_an_option_names(write):
    series = write("a.csv", "timestamp,value\n" + "".join(f"2014-10-30 0{hour}:00:00,{hour}\n" for hour in range(9)))
    keys = {"format": "nab", "task": "forecast", "numbers": ["value"], "window": 2, "labels": "is_anomaly"}
    found = []
    for hour in (7, 8):
        span = f'["2014-10-30 0{hour}:00:00.000000", "2014-10-30 0{hour}:00:00.000000"]'
        windows = write("windows.json", f'{{"a": [{span}]}}')
        os.utime(windows, ns=(hour, hour))
        found.append(info("mine", FileSource(train=series, options={"windows": windows, "key": "a"}, **keys)))
    assert found[0].fingerprint != found[1].fingerprint


def test_nothing_is_left_of_files_that_could_not_be_encoded(source, cache, write):
    write("a.csv", CONTENT + "z,0\n")
    with pytest.raises(DataError, match="'z' is not a number"):
        load("mine", source)
    assert folders(cache) == []


def test_two_processes_at_once_make_one_data_set(source, cache):
    program = f"from pipeline.data.files.encoded import *; print(info('mine', {source!r}).rows)"
    both = [subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True) for _ in range(2)]
    rows = {process.communicate(timeout=60)[0] for process in both}
    assert rows == {f"{info('mine', source).rows}\n"}
    assert len(folders(cache)) == 1


def test_arrays_are_mapped_and_cannot_be_written(source):
    vectors = load("mine", source).train.parts["vectors"]
    assert isinstance(vectors.base, np.memmap)
    with pytest.raises(ValueError, match="read-only"):
        vectors[0] = 0


def test_arrays_are_sent_without_a_copy(source):
    buffers = []
    pickle.dumps(load("mine", source), protocol=5, buffer_callback=buffers.append)
    assert sum(buffer.raw().nbytes for buffer in buffers) >= 50 * 4


def test_memory_does_not_grow_with_the_file(write, monkeypatch):
    """Python's own allocations while encoding, numpy's among them; Arrow reads 32 blocks ahead, made small here."""
    monkeypatch.setattr(delimited, "BLOCK", 1 << 16)
    peaks = []
    for name, rows in (("small.csv", 100_000), ("large.csv", 400_000)):
        file = write(name, "x,y,note\n" + f"1,0,{'-' * 95}\n2,1,{'-' * 95}\n" * (rows // 2))
        tracemalloc.start()
        info("mine", FileSource(train=file, **KEYS))
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 1.2 * peaks[0]
