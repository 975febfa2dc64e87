"""Which families there are, known without importing TensorFlow: what each accepts, its styles, a digest of its code."""

import hashlib
import importlib
from collections.abc import Mapping
from dataclasses import dataclass, field
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
    its spec that a config may set: whole numbers, but for those in `words`, which gives what they may be, and those in
    `fractions`, which may be any number above 0.
    """

    files: tuple[str, ...]
    accepts: DataKind
    styles: tuple[Style, ...]
    options: tuple[str, ...]
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    fractions: tuple[str, ...] = ()


BOTH: tuple[Style, ...] = ("class", "functional")
FAMILIES = {
    "projection": Entry(("projection.py",), "vectors", ("class", "functional", "lambda"), ("units",)),
    "lookup": Entry(("lookup.py",), "ids", BOTH, ("width",)),
    "stateful": Entry(("stateful.py", "carry.py"), "windows", BOTH, ("units",)),
    "unaggregated": Entry(("unaggregated.py", "stateful.py", "carry.py"), "windows", BOTH, ("units",)),
    "bag": Entry(("bag.py",), "ids", BOTH, ("width", "combiner"), {"combiner": ("sum", "mean", "sqrtn")}),
    "multi_table": Entry(("multi_table.py",), "columns", (*BOTH, "separate"), ("width",)),
    "quotient_remainder": Entry(
        ("quotient_remainder.py",),
        "ids",
        BOTH,
        ("buckets", "width", "operation"),
        {"operation": ("multiply", "add")},
    ),
    "hashed": Entry(("hashed.py",), "ids", BOTH, ("hashes", "buckets", "width")),
    "factorized": Entry(("factorized.py",), "ids", BOTH, ("rank", "width")),
    "periodic": Entry(
        ("periodic.py", "waves.py"), "vectors", BOTH, ("frequencies", "width", "sigma"), fractions=("sigma",)
    ),
    "piecewise_linear": Entry(("piecewise_linear.py",), "vectors", BOTH, ("bins",)),
    "fourier": Entry(("fourier.py", "waves.py"), "vectors", BOTH, ("units", "bandwidth"), fractions=("bandwidth",)),
    "positional": Entry(
        ("positional.py",), "ids", BOTH, ("width", "positions"), {"positions": ("learned", "sinusoidal")}
    ),
    "tied": Entry(("tied.py",), "ids", BOTH, ("width",)),
    "window": Entry(("window.py",), "windows", BOTH, ("patch", "stride", "units")),
}


def catalogue() -> dict[str, FamilyInfo]:
    """What planning needs of every family, by name; `source` is the sha256 of the files its arms are made of."""
    return {
        name: FamilyInfo(name, entry.accepts, entry.styles, _digest(entry), entry.options, entry.words, entry.fractions)
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
