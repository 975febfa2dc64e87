"""A data set's arrays, by name."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from pipeline.data.cache import fetch, verify
from pipeline.data.catalogue import find
from pipeline.data.files import encoded
from pipeline.data.source import Source
from pipeline.errors import DataError
from pipeline.records import Dataset, FileSource


def load(name: str, rows: int | None = None, sources: Mapping[str, FileSource] | None = None) -> Dataset:
    """The prepared data set: one of the user's own `sources`, or else one of the catalogue.

    The catalogue's come from files whose checksums are verified each time; a missing file is fetched first.
    `rows` keeps that many of the first training and of the first test examples, or all where there are fewer.
    The same name gives the same bits in the same order, always.
    Raises DataError: unknown name, corrupt or malformed file, `rows` below 1, and whatever stops a fetch.
    """
    if rows is not None and rows < 1:
        raise DataError(f"data {name}", f"rows={rows} keeps nothing", "use 1 or more")
    own = (sources or {}).get(name)
    dataset = encoded.load(name, own) if own else _prepared(find(name))
    return dataset if rows is None else replace(dataset, train=dataset.train.first(rows), test=dataset.test.first(rows))


def _prepared(source: Source) -> Dataset:
    file = _file(source)
    return source.prepare(file) if file else source.prepare()


def _file(source: Source) -> Path | None:
    """None where none is needed."""
    status = verify(source.name)
    if source.download and status.state == "corrupt":
        raise DataError(
            str(status.path),
            f"has sha256 {status.sha256} instead of {source.download.sha256}",
            f"replace it with `parity data fetch {source.name}`",
        )
    return fetch(source.name) if status.state == "missing" else status.path
