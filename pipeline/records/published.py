"""Figures that others published: as a config names them, and as a run met them."""

from dataclasses import dataclass, field
from typing import Literal

from pipeline.records.base import Record, Style
from pipeline.records.planned import Cell

Reproduction = Literal["reproduced", "undecided", "not reproduced", "not measured"]


@dataclass(frozen=True)
class PublishedFigure:
    """A metric's mean over seeds, and over the data sets where there are several (folds).  Part of the config schema.

    `within` is how far ours may lie from `value`; `source` says who published it, of what, and where.
    """

    family: str
    data: list[str]
    metric: str
    value: float
    within: float
    source: str


@dataclass(frozen=True)
class PublishedOrder:
    """Families from the worst to the best by a metric.  Part of the config schema."""

    families: list[str]
    data: list[str]
    metric: str
    source: str


@dataclass(frozen=True)
class Published:
    """What a config compares its runs with, besides one arm with the other.  Part of the config schema."""

    figures: list[PublishedFigure] = field(default_factory=list)
    orders: list[PublishedOrder] = field(default_factory=list)


class SeedMean(Record, frozen=True):
    """A mean over seeds with its 95 % interval (Student's t)."""

    mean: float
    low: float
    high: float


class FigureFound(Record, frozen=True):
    """What one arm in one setting came to.  `cell` stands for its setting; `ours` is None where too few seeds ended."""

    figure: PublishedFigure
    cell: Cell
    style: Style
    seeds: int
    ours: SeedMean | None
    verdict: Reproduction


class OrderFound(Record, frozen=True):
    """The order in one arm and setting: each family's mean, and from each to the next how much better, over seeds."""

    order: PublishedOrder
    cell: Cell
    style: Style
    seeds: int
    means: tuple[float, ...]
    steps: tuple[SeedMean, ...]
    verdict: Reproduction


class PublishedFound(Record, frozen=True):
    """All that a run was compared with."""

    figures: tuple[FigureFound, ...] = ()
    orders: tuple[OrderFound, ...] = ()
