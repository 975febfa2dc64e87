"""Data in files: each reader, a user's own data set from its config to its arrays, and the cache of it."""

from collections.abc import Mapping
from functools import partial
from typing import Any

import yaml
from hypothesis import strategies as st

from benchmarks.fuzz.door import Door, file_of
from benchmarks.fuzz.files import FORMATS, Change, changes, packed, right_files, spoil
from pipeline.config import load
from pipeline.data.files import encoded
from pipeline.data.readers.registry import open_table
from pipeline.records import FileSource

RIGHT = right_files()
OPTIONS = st.fixed_dictionaries(
    {},
    optional={
        "delimiter": st.sampled_from([",", ";", "\t", "", "ab", "\n", "\0", "é", '"']),
        "encoding": st.sampled_from(
            ["utf-8", "latin-1", "utf-16", "utf-32", "ascii", "none", "base64", "idna", "", "a\0"]
        ),
        "missing": st.lists(st.sampled_from(["", "?", "a,b"]), max_size=2),
        "names": st.lists(st.sampled_from(["a", "b", "c", "", "a\n"]), max_size=4),
        "columns": st.lists(st.sampled_from(["a", "b", "c", "x", "s"]), max_size=3),
        "kinds": st.dictionaries(
            st.sampled_from(["a", "b", "c"]), st.sampled_from(["number", "integer", "truth", "text8", "time", "odd"])
        ),
        "time_format": st.sampled_from(["%Y", "", "%", "%q", "a\0"]),
        "base": st.sampled_from([0, 1, -1, 2**63, 2**70, "1", None]),
        "windows": st.sampled_from(["", "none.json", "a\0"]),
    },
)
TAKES = {
    "csv": {"delimiter", "encoding", "missing", "names", "columns", "kinds", "time_format"},
    "parquet": {"columns"},
    "libsvm": {"base"},
    "libffm": {"base"},
    "nab": {"windows"},
}
DataCase = tuple[list[Change], int, dict[str, Any], int]


def _table(format: str, case: DataCase) -> None:
    how, packing, options, rows = case
    path = file_of(FORMATS[format], packed(spoil(RIGHT[format], how), packing))
    chosen = {key: value for key, value in options.items() if key in TAKES.get(format, set())}
    for table in open_table(path, format, member="m" if packing == 2 else None, chunk_rows=rows, **chosen):
        len(table)


OWN = b"n,c,y,l,t\n" + b"".join(
    b"%d,%s,%d,%d,%d\n" % (i, b"xyz"[i % 3 : i % 3 + 1], i % 2, i % 5 == 0, i < 9) for i in range(12)
)
NAMES = st.lists(st.sampled_from(["n", "c", "y", "x"]), max_size=2)
NAME = st.sampled_from(["", "n", "c", "y", "l", "t", "x"])
ODD_KEYS: Mapping[str, st.SearchStrategy[Any]] = {
    "target": NAME,
    "numbers": NAMES,
    "columns": NAMES,
    "task": st.sampled_from(["binary", "classification", "rating", "forecast"]),
    "scale": st.sampled_from(["standard", "quantile", "log", "as_is"]),
    "encoding": st.sampled_from(["learn", "hash"]),
    "window": st.integers(0, 3),
    "labels": NAME,
    "training": NAME,
    "ids": NAME,
    "weights": NAME,
    "length": st.integers(0, 3),
    "rows": st.integers(0, 20),
    "test_share": st.sampled_from([0.01, 0.5, 0.99]),
    "max_size": st.sampled_from([1, 2, 2**40, 2**62]),
    "min_count": st.sampled_from([1, 5, 2**40]),
    "buckets": st.sampled_from([2, 2**31]),
    "format": st.sampled_from(["csv", "npz", "nab", "none"]),
    "options": OPTIONS,
}
RIGHT_SOURCES: list[dict[str, Any]] = [
    {"target": "y", "numbers": ["n"]},
    {"target": "y", "numbers": ["n"], "columns": ["c"]},
    {"target": "c", "numbers": ["n"], "task": "classification", "training": "t"},
    {"target": "n", "columns": ["c"], "task": "rating", "encoding": "hash", "buckets": 5},
    {"task": "forecast", "numbers": ["n"], "window": 2, "labels": "l"},
]


def few(keys: Mapping[str, st.SearchStrategy[Any]]) -> st.SearchStrategy[dict[str, Any]]:
    """Some of these keys, each with a value."""
    pairs = st.sampled_from(sorted(keys)).flatmap(lambda key: st.tuples(st.just(key), keys[key]))
    return st.lists(pairs, max_size=3).map(dict)


SOURCES = st.builds(lambda right, odd: {**right, **odd}, st.sampled_from(RIGHT_SOURCES), few(ODD_KEYS))


def _own(case: tuple[list[Change], dict[str, Any]]) -> None:
    """A user's own data set, from its config to its arrays."""
    how, keys = case
    path = file_of("own.csv", spoil(OWN, how))
    text = yaml.safe_dump({"data": ["own"], "sources": {"own": {"format": "csv", **keys, "train": str(path)}}})
    config = load(file_of("own.yaml", text.encode(errors="replace")))
    encoded.load("own", config.sources["own"])


def _cache(case: tuple[str, list[Change]]) -> None:
    """A cached data set that was damaged since."""
    name, how = case
    source = FileSource(str(file_of("kept.csv", OWN)), format="csv", target="y", numbers=["n"])
    folder = encoded.folder_of(source)
    for file in folder.iterdir():
        if file.name == name:
            right = file.read_bytes()
            file.write_bytes(spoil(right, how))
            try:
                encoded.load("kept", source)
            finally:
                file.write_bytes(right)


PACKINGS = st.sampled_from([0, 0, 0, 1, 2])
DATA_DOORS = {
    **{
        f"reader {name}": Door(
            st.tuples(changes(), PACKINGS, OPTIONS, st.sampled_from([1, 2, 65536])), partial(_table, name)
        )
        for name in FORMATS
    },
    "own files": Door(st.tuples(changes(most=2), SOURCES), _own, 0.3),
    "encoded cache": Door(
        st.tuples(st.sampled_from(["about.json", "train.targets.npy", "test.vectors.npy"]), changes()), _cache, 0.3
    ),
}
