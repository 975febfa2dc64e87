"""The formats there are."""

import inspect
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, get_type_hints

import msgspec

from pipeline.data.readers import adult, avazu, criteo, csv, idx, movielens, nab, npz, parquet, sparse, ucr
from pipeline.data.readers.place import Place
from pipeline.data.table import Table
from pipeline.errors import DataError

Reader = Callable[..., Iterator[Table]]

READERS: Mapping[str, Reader] = {
    "adult": adult.read,
    "avazu": avazu.read,
    "criteo": criteo.read,
    "csv": csv.read,
    "idx": idx.read,
    "libffm": sparse.read_libffm,
    "libsvm": sparse.read_libsvm,
    "movielens_100k": movielens.read_100k,
    "movielens_movies": movielens.read_movies,
    "movielens_ratings": movielens.read_ratings,
    "movielens_users": movielens.read_users,
    "nab": nab.read,
    "npz": npz.read,
    "parquet": parquet.read,
    "ucr": ucr.read,
}

# What a file's name says without doubt.  `train.csv` and `train.txt` may be anything.
NAMES: Mapping[str, str] = {
    r"adult\.(data|test)": "adult",
    r".+[-.]idx\d-ubyte": "idx",
    r".+\.(lib)?ffm": "libffm",
    r".+\.(libsvm|svmlight|svm)": "libsvm",
    r"u\.data": "movielens_100k",
    r"movies\.dat": "movielens_movies",
    r"ratings\.dat": "movielens_ratings",
    r"users\.dat": "movielens_users",
    r".+\.npz": "npz",
    r".+\.parquet": "parquet",
    r"\d+_UCR_Anomaly_.+\.txt": "ucr",
}
CHUNK_ROWS = 65_536


def open_table(
    path: str | Path,
    format: str | None = None,
    *,
    member: str | None = None,
    chunk_rows: int = CHUNK_ROWS,
    **options: Any,
) -> Iterator[Table]:
    """The file as tables of 1 to `chunk_rows` rows, in its order.  Memory does not grow with the file.

    `member` is a path inside a zip; gzip is unpacked.  Without a format the file's name must tell it.  `options` are
    the reader's own.  Raises DataError: unknown format or option at once; file, line and column of what is malformed,
    and a file without rows, as they are met.
    """
    place = Place(Path(path), member)
    name = format or detect(place)
    if name not in READERS:
        raise DataError(str(place), f"unknown format {name!r}", f"use one of {', '.join(READERS)}")
    if chunk_rows < 1:
        raise DataError(str(place), f"chunk_rows={chunk_rows}", "use 1 or more")
    try:
        inspect.signature(READERS[name]).bind(place, chunk_rows=chunk_rows, **options)
    except TypeError as error:
        raise DataError(str(place), f"format {name}: {error}", "leave the option out") from None
    options = {key: _typed(key, value, name, place) for key, value in options.items()}
    return _with_rows(READERS[name](place, chunk_rows=chunk_rows, **options), place)


def detect(place: Place) -> str:
    """The format by the file's name.  Raises DataError where a name leaves it open."""
    for pattern, name in NAMES.items():
        if re.fullmatch(pattern, place.name):
            return name
    raise DataError(str(place), "its name does not tell the format", f"say which: {', '.join(READERS)}")


def _typed(option: str, value: Any, format: str, place: Place) -> Any:
    """The option's value, as its reader declares it.  Raises DataError for one of another type."""
    try:
        value = str(value) if isinstance(value, Path) else value
        return msgspec.convert(value, get_type_hints(READERS[format])[option])
    except msgspec.ValidationError as error:
        what = f"format {format}: {option}={str(value)[:60]!r}: {error}"
        raise DataError(str(place), what, "see the formats' options in docs/how-to/data.md") from None


def _with_rows(tables: Iterator[Table], place: Place) -> Iterator[Table]:
    empty = True
    for table in tables:
        empty = empty and not len(table)
        if len(table):
            yield table
    if empty:
        raise DataError(str(place), "has no rows", "check that it was written and fetched whole")
