"""What there is to choose from: families, data sets, versions, machines."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pipeline.records.base import DataKind, Part, Record, Style, Task


class FamilyInfo(Record, frozen=True):
    """What planning needs to know of a family without importing it.

    `source` digests the code of its arms.  It takes the first kind of `accepts` that a data set offers.  `options` are
    the fields of its spec that a config may set: whole numbers, but for those in `words`, which gives what they may
    be, and those in `fractions`, which may be any number above 0.  `reference`: where a family of another package is
    found, as the config says it.
    """

    name: str
    accepts: tuple[DataKind, ...]
    styles: tuple[Style, ...]
    source: str = ""
    options: tuple[str, ...] = ()
    words: Mapping[str, tuple[str, ...]] = {}
    fractions: tuple[str, ...] = ()
    reference: str = ""


class DataInfo(Record, frozen=True):
    """What planning needs to know of a data set.  `fingerprint` pins source, version, checksum and preparation."""

    name: str
    kinds: tuple[DataKind, ...]
    task: Task
    fingerprint: str
    licence: str
    citation: str
    rows: int  # training examples

    @property
    def offers(self) -> tuple[DataKind, ...]:
        """What families can be given: columns also as ids of one vocabulary."""
        return (*self.kinds, "ids") if "columns" in self.kinds else self.kinds


@dataclass(frozen=True)
class Examples:
    """N examples, part by part, and what is to be learnt from them.

    Parts: vectors float32 (N, F), ids int32 (N, T), weights float32 (N, T) of the ids, windows float32 (N, T, F),
    columns int32 (N, C).  Targets: int32 class (N,) | float32 rating (N,) | float32 next value (N, F).  `labels` are
    the anomaly flags (N,) of a forecast task, else None.
    """

    parts: Mapping[Part, npt.NDArray[np.generic]]
    targets: npt.NDArray[np.generic]
    labels: npt.NDArray[np.generic] | None = None

    def __len__(self) -> int:
        return len(self.targets)

    def first(self, rows: int) -> "Examples":
        """That many of them, or all where there are fewer."""
        parts = {name: values[:rows] for name, values in self.parts.items()}
        return Examples(parts, self.targets[:rows], None if self.labels is None else self.labels[:rows])


@dataclass(frozen=True)
class Dataset:
    """A prepared data set.  `outputs` is the head's width.

    `vocabulary` is the number of ids (0: there are none), `vocabularies` that of each of the C columns.
    """

    name: str
    task: Task
    train: Examples
    test: Examples
    outputs: int
    vocabulary: int = 0
    vocabularies: tuple[int, ...] = ()


class Inventory(Record, frozen=True):
    """What planning chooses from, and what pins its trials' ids.

    `engine` digests the code that every train trial runs through, `certifier` that of a certificate, `timer` that of a
    time trial.
    """

    families: Mapping[str, FamilyInfo]
    data: Mapping[str, DataInfo]
    versions: Mapping[str, str]
    engine: str
    certifier: str = ""
    timer: str = ""


class Node(Record, frozen=True):
    """What one machine has.  `accelerator`: the kind of its GPUs or TPU chips, e.g. "A100"; "" where it is unknown."""

    cpus: float
    gpus: float = 0.0
    tpus: float = 0.0
    accelerator: str = ""


class Capacity(Record, frozen=True):
    """What a machine or a cluster has in all, and on each of its nodes (none named: all of it is on one)."""

    cpus: float
    gpus: float = 0.0
    tpus: float = 0.0
    nodes: tuple[Node, ...] = ()
