"""What there is to choose from: families, data sets, versions, machines."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pipeline.records.base import DataKind, Record, Style, Task


class FamilyInfo(Record, frozen=True):
    """What planning needs to know of a family without importing it.

    `source` digests the code of its arms; `options` are the fields of its spec that a config may set: whole numbers,
    but for those in `words`, which gives what they may be, and those in `fractions`, which may be any number above 0.
    """

    name: str
    accepts: DataKind
    styles: tuple[Style, ...]
    source: str = ""
    options: tuple[str, ...] = ()
    words: Mapping[str, tuple[str, ...]] = {}
    fractions: tuple[str, ...] = ()


class DataInfo(Record, frozen=True):
    """What planning needs to know of a data set.  `fingerprint` pins source, version, checksum and preparation."""

    name: str
    kind: DataKind
    task: Task
    fingerprint: str
    licence: str
    citation: str
    rows: int  # training examples


@dataclass(frozen=True)
class Dataset:
    """A prepared data set.  N examples; inputs float32 (N, 784) | int32 (N, T) | int32 (N, C) | float32 (N, T, F).

    Targets: int32 class (N,) | float32 rating (N,) | float32 next value (N, F).  `test_labels` are anomaly flags (N,)
    of a forecast task, else None.  `outputs` is the head's width; `vocabulary` the number of ids (0: none),
    `vocabularies` that of each of C columns.
    """

    name: str
    task: Task
    train_inputs: npt.NDArray[np.generic]
    train_targets: npt.NDArray[np.generic]
    test_inputs: npt.NDArray[np.generic]
    test_targets: npt.NDArray[np.generic]
    test_labels: npt.NDArray[np.generic] | None
    outputs: int
    vocabulary: int = 0
    vocabularies: tuple[int, ...] = ()


class Inventory(Record, frozen=True):
    """What planning chooses from, and what pins its trials' ids.

    `engine` digests the code that every train trial runs through, `certifier` that of a certificate.
    """

    families: Mapping[str, FamilyInfo]
    data: Mapping[str, DataInfo]
    versions: Mapping[str, str]
    engine: str
    certifier: str = ""


class Node(Record, frozen=True):
    """What one machine has."""

    cpus: float
    gpus: float = 0.0
    tpus: float = 0.0


class Capacity(Record, frozen=True):
    """What a machine or a cluster has in all, and on each of its nodes (none named: all of it is on one)."""

    cpus: float
    gpus: float = 0.0
    tpus: float = 0.0
    nodes: tuple[Node, ...] = ()
