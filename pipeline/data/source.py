"""What the catalogue knows of one data set: where its bytes come from, and how they become arrays."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from pipeline.data.download import Download
from pipeline.records import DataInfo, DataKind, Dataset, Task


@dataclass(frozen=True, kw_only=True)
class Source:
    """A data set inside a pinned file that is read and never installed; or one that is generated, from no file.

    `preparation` numbers the way `prepare` makes arrays: raise it whenever their values or their order change.
    """

    name: str
    kinds: tuple[DataKind, ...]
    task: Task
    rows: int  # training examples
    licence: str
    citation: str
    download: Download | None  # None: generated
    members: tuple[str, ...]  # paths inside the download; of generated data, what is generated
    preparation: int
    prepare: Callable[..., Dataset]  # takes the download's path, or nothing

    @property
    def fingerprint(self) -> str:
        """Hex sha256 that changes with the file's bytes, the members read and the preparation; with nothing else."""
        parts = (self.download.sha256 if self.download else "", *self.members, str(self.preparation))
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()

    @property
    def info(self) -> DataInfo:
        """What planning and reporting need to know."""
        return DataInfo(
            name=self.name,
            kinds=self.kinds,
            task=self.task,
            fingerprint=self.fingerprint,
            licence=self.licence,
            citation=self.citation,
            rows=self.rows,
        )
