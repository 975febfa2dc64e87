"""Experiments of which the truth is known, judged by the product's own functions: how often is it wrong?

E experiments, S seeds, C cells of a run.  Differences have standard deviation 1; margins and means are in that unit.
Every function gives shares of the experiments.
"""

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from pipeline.analysis.margins import beyond_margin_p, margin_size, within_p
from pipeline.analysis.multiplicity import holm, over_looks, shares
from pipeline.analysis.pairing import PairedMetric
from pipeline.analysis.power import seeds_needed
from pipeline.analysis.statistics import LEVEL, Floats, beyond_p, tost_p
from pipeline.records import Margin

Draw = Callable[[np.random.Generator, tuple[int, ...]], Floats]
Interval = Callable[[Floats], tuple[float, float]]

NARROW, WIDE = 0.1, 1.0  # margins, in standard deviations of the difference


def _rare(rng: np.random.Generator, shape: tuple[int, ...]) -> Floats:
    """One seed in ten is far off, and the others nearly alike."""
    return ((rng.random(shape) < 0.1) - 0.1) / 0.3 + 0.01 * rng.normal(size=shape)


# Mean 0, standard deviation 1.
DRAWS: Mapping[str, Draw] = {
    "normal": lambda rng, shape: rng.normal(size=shape),
    "heavy-tailed: Student's t, 3 degrees": lambda rng, shape: rng.standard_t(3, size=shape) / 3**0.5,
    "skewed arms: of two exponentials": lambda rng, shape: (
        (rng.exponential(size=shape) - rng.exponential(size=shape)) / 2**0.5
    ),
    "skewed: gamma, skewness 1": lambda rng, shape: (rng.gamma(4.0, size=shape) - 4.0) / 2.0,
}
# What few seeds can't show, and so no test can allow for.
LIMITS: Mapping[str, Draw] = {
    "strongly skewed: exponential, skewness 2": lambda rng, shape: rng.exponential(size=shape) - 1.0,
    "one seed in ten far off": _rare,
}


def coverage(draw: Draw, seeds: int, experiments: int, interval: Interval, rng: np.random.Generator) -> float:
    """How often the interval holds the true mean."""
    bounds = [interval(sample_S) for sample_S in draw(rng, (experiments, seeds))]
    return float(np.mean([low <= 0.0 <= high for low, high in bounds]))


def claims(
    draw: Draw, seeds: int, experiments: int, mean: float, margin: float, rng: np.random.Generator
) -> tuple[float, float]:
    """How often "equivalent" and "different" are claimed of one metric, the true mean being `mean`."""
    sample_ES = draw(rng, (experiments, seeds)) + mean
    equivalent = [tost_p(sample_S, margin) <= LEVEL for sample_S in sample_ES]
    different = [beyond_p(sample_S, margin) <= LEVEL for sample_S in sample_ES]
    return float(np.mean(equivalent)), float(np.mean(different))


def worst_errors(draw: Draw, seeds: int, experiments: int, rng: np.random.Generator) -> tuple[float, float]:
    """Of either claim with the true mean on an end of the margin, where both are false: the worst end and margin."""
    found = [
        claims(draw, seeds, experiments, end * margin, margin, rng) for margin in (NARROW, WIDE) for end in (-1, 1)
    ]
    return max(equivalent for equivalent, _ in found), max(different for _, different in found)


def margins_of_sd(
    draw: Draw, seeds: int, experiments: int, fraction: float, correlation: float, rng: np.random.Generator
) -> tuple[float, float, float]:
    """False "equivalent" by the sample's own deviation, false "equivalent" and "different" by the product's tests.

    The baseline's deviation is 1; both arms have this correlation over seeds; the true mean is on the margin.
    """
    baseline_ES, own_ES = draw(rng, (2, experiments, seeds))
    candidate_ES = correlation * baseline_ES + (1 - correlation**2) ** 0.5 * own_ES + fraction
    margin = Margin(fraction, of_sd=True)
    metrics = [PairedMetric("m", *arms) for arms in zip(baseline_ES, candidate_ES, strict=True)]
    naive = [tost_p(metric.difference_S, margin_size(metric, margin)) <= LEVEL for metric in metrics]
    equivalent = [within_p(metric, margin) <= LEVEL for metric in metrics]
    different = [beyond_margin_p(metric, margin) <= LEVEL for metric in metrics]
    return float(np.mean(naive)), float(np.mean(equivalent)), float(np.mean(different))


def family_errors(
    draw: Draw, seeds: int, cells: int, experiments: int, rng: np.random.Generator
) -> tuple[float, float, float]:
    """How often a run has a false "equivalent": cell by cell, and with Holm; and a false "different" with Holm.

    Half of the cells are the same, and half are on the margin.
    """
    mean_C = np.where(np.arange(cells) % 2, WIDE, 0.0)
    on_margin = np.flatnonzero(mean_C)
    found = []
    for sample_CS in draw(rng, (experiments, cells, seeds)) + mean_C[:, None]:
        equivalent = [tost_p(sample_S, WIDE) for sample_S in sample_CS]
        different = [beyond_p(sample_S, WIDE) for sample_S in sample_CS]
        found.append([min(p[at] for at in on_margin) for p in (equivalent, holm(equivalent), holm(different))])
    alone, held, apart = np.mean(np.array(found) <= LEVEL, axis=0)
    return float(alone), float(held), float(apart)


def looked_at(
    draw: Draw, looks: Sequence[int], experiments: int, mean: float, margin: float, rng: np.random.Generator
) -> tuple[float, float, float, float]:
    """Claims of "equivalent" and "different", the mean of the seeds used, and "equivalent" at the whole level.

    A cell gets no more seeds once it is decided.
    """
    found = []
    for sample_S in draw(rng, (experiments, looks[-1])) + mean:
        equivalent_L = [tost_p(sample_S[:seeds], margin) for seeds in looks]
        different_L = [beyond_p(sample_S[:seeds], margin) for seeds in looks]
        found.append((*_decided(equivalent_L, different_L, looks), min(equivalent_L) <= LEVEL))
    equivalents, differents, used, naive = np.mean(found, axis=0)
    return float(equivalents), float(differents), float(used), float(naive)


def _decided(
    equivalent_L: Sequence[float], different_L: Sequence[float], looks: Sequence[int]
) -> tuple[bool, bool, int]:
    """The claims at the look that decides, or at the last, and the seeds until then."""
    for at, seeds in enumerate(looks, start=1):
        equivalent, different = (
            over_looks(zip(p_L[:at], shares(looks), strict=False)) <= LEVEL for p_L in (equivalent_L, different_L)
        )
        if equivalent or different:
            return equivalent, different, seeds
    return False, False, looks[-1]


def advised(mean: float, margin: Margin, experiments: int, rng: np.random.Generator) -> tuple[int, float]:
    """The seeds that the product advises of this mean and deviation, and how often so many decide.

    Normal; the baseline's deviation is 3.
    """
    two_S = np.array([-1.0, 1.0]) / 2**0.5
    seeds = seeds_needed(PairedMetric("m", 3 * two_S, 4 * two_S + mean), margin, LEVEL)
    baseline_ES, own_ES = 3 * rng.normal(size=(experiments, seeds)), rng.normal(size=(experiments, seeds))
    size = margin.size * (3 if margin.of_sd else 1)
    test = within_p if mean < size else beyond_margin_p
    metrics = (PairedMetric("m", one_S, one_S + own_S + mean) for one_S, own_S in zip(baseline_ES, own_ES, strict=True))
    return seeds, float(np.mean([test(metric, margin) <= LEVEL for metric in metrics]))
