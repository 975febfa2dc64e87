"""One word and what it means."""

from fnmatch import fnmatchcase
from typing import Literal

from pipeline.records import Record

Kind = Literal["verdict", "level", "outcome", "check"]
KINDS: tuple[Kind, ...] = ("verdict", "level", "outcome", "check")


class Word(Record, frozen=True):
    """One entry of words.yaml, which says what its fields hold."""

    kind: Kind
    name: str
    says: str
    limits: str = ""
    do: str = ""
    cell: str = ""
    within: str = ""
    also: tuple[str, ...] = ()

    def answers_to(self, name: str) -> bool:
        """Whether this is the word's name, or matches one of its patterns."""
        return name == self.name or any(fnmatchcase(name, pattern) for pattern in self.also)
