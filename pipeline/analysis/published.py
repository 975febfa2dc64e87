"""What a run came to beside what others published.  S seeds.

A figure is judged in each arm and setting by itself, the first rule that holds:
    not measured    fewer than LEAST_SEEDS seeds ended on every data set named
    reproduced      the mean over seeds, of the mean over data sets, lies within the distance that the config fixed
    not reproduced  anything else
An order of families, from the worst to the best:
    not measured    fewer than LEAST_SEEDS seeds ended in every family
    not reproduced  a family's mean is no better than that of the one before it
    undecided       the 95 % interval of a step, paired by seed, reaches zero
    reproduced      anything else
None of this touches the run's exit code, which answers whether the arms are the same: both may miss a figure alike.
"""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec
import numpy as np

from pipeline.analysis.statistics import ALPHA, Floats, t_exceeded
from pipeline.records import (
    LESS_IS_BETTER,
    Cell,
    FigureFound,
    OrderFound,
    PublishedFigure,
    PublishedFound,
    PublishedOrder,
    Reproduction,
    Run,
    SeedMean,
    Style,
    TrainEvidence,
)

LEAST_SEEDS = 5

# A setting (a cell of no pair and no data in particular) and an arm -> the value of each seed and data set.
_Where = tuple[Cell, Style]
_Values = Mapping[tuple[int, str], float]


def compare_published(run: Run) -> PublishedFound:
    """Every figure and order of the run's config, in each arm and setting that was planned for it."""
    return PublishedFound(
        figures=tuple(found for figure in run.published.figures for found in _figures(figure, run)),
        orders=tuple(found for order in run.published.orders for found in _orders(order, run)),
    )


def seed_mean(values_S: Floats) -> SeedMean:
    """The mean of at least two values, with Student's t interval."""
    mean, spread = float(np.mean(values_S)), float(np.std(values_S, ddof=1))
    reach = t_exceeded(ALPHA / 2, len(values_S) - 1) * spread / math.sqrt(len(values_S))
    return SeedMean(mean, mean - reach, mean + reach)


def _figures(figure: PublishedFigure, run: Run) -> Iterator[FigureFound]:
    for (cell, style), values in _measured(run, figure.family, figure.data, figure.metric).items():
        mean_S = np.array([*_by_seed(values, figure.data).values()])
        ours = seed_mean(mean_S) if len(mean_S) >= LEAST_SEEDS else None
        yield FigureFound(figure, cell, style, len(mean_S), ours, _verdict(figure, ours))


def _verdict(figure: PublishedFigure, ours: SeedMean | None) -> Reproduction:
    if ours is None:
        return "not measured"
    return "reproduced" if abs(ours.mean - figure.value) <= figure.within else "not reproduced"


def _orders(order: PublishedOrder, run: Run) -> Iterator[OrderFound]:
    families = [_measured(run, family, order.data, order.metric) for family in order.families]
    for where, first in families[0].items():
        of_family = [_by_seed(values.get(where, {}), order.data) for values in families]
        seeds = [seed for seed in _by_seed(first, order.data) if all(seed in values for values in of_family)]
        if len(seeds) < LEAST_SEEDS:
            yield OrderFound(order, *where, len(seeds), (), (), "not measured")
            continue
        value_FS = np.array([[values[seed] for seed in seeds] for values in of_family])
        better_FS = np.diff(value_FS, axis=0) * (-1 if order.metric in LESS_IS_BETTER else 1)
        steps = tuple(map(seed_mean, better_FS))
        yield OrderFound(order, *where, len(seeds), tuple(value_FS.mean(axis=1).tolist()), steps, _in_order(steps))


def _in_order(steps: Sequence[SeedMean]) -> Reproduction:
    if not all(step.mean > 0 for step in steps):
        return "not reproduced"
    return "reproduced" if all(step.low > 0 for step in steps) else "undecided"


def _measured(run: Run, family: str, data: Iterable[str], metric: str) -> dict[_Where, dict[tuple[int, str], float]]:
    """What every planned arm of the family gave on these data sets, also where it gave nothing."""
    cells = [cell for cell in run.plan.cells if cell.family == family and cell.data in data]
    found: dict[_Where, dict[tuple[int, str], float]] = {
        _where(cell, style): {} for cell in cells for style in (cell.baseline, cell.candidate)
    }
    for item in run.evidence:
        if isinstance(item, TrainEvidence) and item.trial.cell in cells:
            for arm in item.arms:
                values = found[_where(item.trial.cell, arm.style)]
                values[item.trial.seed, item.trial.cell.data] = arm.metrics[metric]
    return found


def _where(cell: Cell, style: Style) -> _Where:
    return msgspec.structs.replace(cell, family="", baseline="", candidate="", data=""), style


def _by_seed(values: _Values, data: Sequence[str]) -> dict[int, float]:
    """The mean over the data sets, of each seed that ended on all of them; seeds ascend."""
    seeds = sorted({seed for seed, _ in values})
    whole = [seed for seed in seeds if all((seed, name) in values for name in data)]
    return {seed: float(np.mean([values[seed, name] for name in data])) for seed in whole}
