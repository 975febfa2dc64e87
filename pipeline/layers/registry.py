"""Which families there are, known without importing TensorFlow."""

import importlib
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from pipeline.errors import ConfigError
from pipeline.layers import outside
from pipeline.layers.entry import PACKAGE, Entry
from pipeline.records import FamilyInfo, Style

if TYPE_CHECKING:
    from pipeline.layers.family import Family

__all__ = ["FAMILIES", "Entry", "catalogue", "entry", "load"]

BOTH: tuple[Style, ...] = ("class", "functional")
FAMILIES = {
    "projection": Entry((".projection",), ("vectors",), ("class", "functional", "lambda"), ("units",)),
    "lookup": Entry((".lookup", ".rows"), ("ids",), BOTH, ("width",)),
    "stateful": Entry((".stateful", ".carry"), ("windows",), BOTH, ("units",)),
    "unaggregated": Entry((".unaggregated", ".stateful", ".carry"), ("windows",), BOTH, ("units",)),
    "bag": Entry(
        (".bag", ".rows"), ("bags", "ids"), BOTH, ("width", "combiner"), {"combiner": ("sum", "mean", "sqrtn")}
    ),
    "multi_table": Entry((".multi_table", ".rows"), ("columns",), (*BOTH, "separate"), ("width",)),
    "quotient_remainder": Entry(
        (".quotient_remainder", ".rows"),
        ("ids",),
        BOTH,
        ("buckets", "width", "operation"),
        {"operation": ("multiply", "add")},
    ),
    "hashed": Entry((".hashed", ".rows"), ("ids",), BOTH, ("hashes", "buckets", "width")),
    "factorized": Entry((".factorized", ".rows"), ("ids",), BOTH, ("rank", "width")),
    "plain": Entry((".plain",), ("vectors",), BOTH, ()),
    "linear": Entry((".linear",), ("vectors",), BOTH, ("width",)),
    "periodic": Entry(
        (".periodic", ".waves"), ("vectors",), BOTH, ("frequencies", "width", "sigma"), fractions=("sigma",)
    ),
    "piecewise_linear": Entry((".piecewise_linear",), ("vectors",), BOTH, ("bins", "width")),
    "fourier": Entry((".fourier", ".waves"), ("vectors",), BOTH, ("units", "bandwidth"), fractions=("bandwidth",)),
    "positional": Entry(
        (".positional", ".rows"), ("ids",), BOTH, ("width", "positions"), {"positions": ("learned", "sinusoidal")}
    ),
    "tied": Entry((".tied", ".rows"), ("ids",), BOTH, ("width",)),
    "window": Entry((".window",), ("windows",), BOTH, ("patch", "stride", "units")),
}


def catalogue(families: Iterable[str] = (), allowed: Sequence[str] = ()) -> dict[str, FamilyInfo]:
    """What planning needs, by name, of every family of this package and of those of `families` that are of others.

    Raises ConfigError for one of another package that can't be had, isn't `allowed`, or whose name is taken.
    """
    found = {name: each.info(name) for name, each in FAMILIES.items()}
    for wanted in families:
        other = None if wanted in FAMILIES else outside.resolve(wanted, allowed)
        if other is None:
            continue
        if other.name in found:
            what = f"{wanted} is called {other.name!r}, and so is another family"
            raise ConfigError("families", what, "give it a name of its own")
        found[other.name] = other.info(other.name, wanted)
    return found


def entry(name: str) -> Entry:
    """By name or reference (`package.module:ENTRY`).  Raises ConfigError for an unknown one."""
    found = FAMILIES.get(name) or outside.resolve(name)
    if found is None:
        choices = ", ".join((*FAMILIES, *outside.installed()))
        raise ConfigError("families", f"unknown family {name!r}", f"use one of {choices}")
    return found


def load(name: str) -> "Family":
    """Imports the family's module, and with it the frontend's Keras.  `name` as for `entry`.

    Raises ConfigError for an unknown name, and for a module that does not hold what its entry says.
    """
    found = entry(name)
    family: Family | None = getattr(importlib.import_module(found.modules[0], PACKAGE), "FAMILY", None)
    said = (found.name or name, set(found.styles))
    if family is None or (family.name, set(family.arms)) != said:
        held = "nothing" if family is None else f"{family.name!r} with the styles {', '.join(family.arms)}"
        what = f"FAMILY of {found.modules[0]} is {held}, not {said[0]!r} with {', '.join(found.styles)}"
        raise ConfigError("families", what, "make the Entry and the FAMILY say the same")
    return family
