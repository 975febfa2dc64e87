"""Which families there are, known without importing TensorFlow: what each accepts, its styles, a digest of its code."""

import hashlib
import importlib
from dataclasses import dataclass
from importlib import resources
from typing import TYPE_CHECKING

from pipeline.errors import ConfigError
from pipeline.records import DataKind, FamilyInfo, Style

if TYPE_CHECKING:
    from pipeline.layers.family import Family


@dataclass(frozen=True)
class Entry:
    """Where a family lives.

    `files` are all the files its arms are made of; the first is the family's own module.  `options` are the fields of
    its spec that a config may set.
    """

    files: tuple[str, ...]
    accepts: DataKind
    styles: tuple[Style, ...]
    options: tuple[str, ...]


FAMILIES = {
    "projection": Entry(("projection.py",), "vectors", ("class", "functional", "lambda"), ("units",)),
    "lookup": Entry(("lookup.py",), "ids", ("class", "functional"), ("width",)),
    "stateful": Entry(("stateful.py", "carry.py"), "windows", ("class", "functional"), ("units",)),
    "unaggregated": Entry(
        ("unaggregated.py", "stateful.py", "carry.py"), "windows", ("class", "functional"), ("units",)
    ),
}


def catalogue() -> dict[str, FamilyInfo]:
    """What planning needs of every family, by name; `source` is the sha256 of the files its arms are made of."""
    return {
        name: FamilyInfo(name, entry.accepts, entry.styles, _digest(entry), entry.options)
        for name, entry in FAMILIES.items()
    }


def load(name: str) -> "Family":
    """Imports the family's module, and with it the frontend's Keras.  Raises ConfigError for an unknown name."""
    if name not in FAMILIES:
        raise ConfigError("families", f"unknown family {name!r}", f"use one of {', '.join(FAMILIES)}")
    module = importlib.import_module(f"pipeline.layers.{FAMILIES[name].files[0].removesuffix('.py')}")
    family: Family = module.FAMILY
    return family


def _digest(entry: Entry) -> str:
    folder = resources.files("pipeline.layers")
    digest = hashlib.sha256()
    for file in entry.files:
        digest.update(file.encode() + b"\0" + folder.joinpath(file).read_bytes())
    return digest.hexdigest()
