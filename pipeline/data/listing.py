"""What `parity data list` shows."""

from pipeline.data.cache import State, verify
from pipeline.data.catalogue import CATALOGUE
from pipeline.records import DataKind, Record, Task


class Row(Record, frozen=True):
    """One data set, and how it stands on this machine.

    `rows` are training examples, `size_bytes` the download (0: there is none).
    """

    name: str
    kinds: tuple[DataKind, ...]
    task: Task
    rows: int
    size_bytes: int
    licence: str
    state: State


def listing() -> tuple[Row, ...]:
    """Every data set of the catalogue, in its order.  Reads the cache, fetches nothing.

    Raises DataError where a cached file can't be read.
    """
    return tuple(
        Row(
            name=source.name,
            kinds=source.kinds,
            task=source.task,
            rows=source.rows,
            size_bytes=source.download.size_bytes if source.download else 0,
            licence=source.licence,
            state=verify(source.name).state,
        )
        for source in CATALOGUE.values()
    )
