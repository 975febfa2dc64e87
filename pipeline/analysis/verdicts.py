"""The rules that turn numbers into verdicts.  A reader checks the product here.

One metric of one cell:
    identical     both arms have the same value for every seed
    equivalent    two one-sided tests put the mean difference within the margin (p ≤ ALPHA)
    different     the interval of the mean difference lies wholly outside the margin, and a one-sided t test agrees
                  (p ≤ ALPHA / 2): with few seeds the interval alone is too narrow to accuse anyone
    inconclusive  anything else, and every difference on fewer than two seeds
One cell, the first rule that holds:
    inconclusive  no seed gave evidence
    identical     every planned seed gave evidence, and both arms' weights, losses and metrics agree bit by bit
    inconclusive  a metric is not a finite number
    different     a metric is different; a failed seed does not take that back
    equivalent    every planned seed gave evidence, at least two of them, and every metric is identical or equivalent
    inconclusive  anything else: a failed or unfinished seed stays in the denominator
`proven` needs a certificate, which train trials can't give: see certified.py for how the two are combined.
"""

from collections.abc import Mapping, Sequence
from typing import Literal

import numpy as np

from pipeline.analysis.pairing import EvidenceError, PairedCell, PairedMetric
from pipeline.analysis.statistics import ALPHA, bca_interval, beyond_p, seeds_needed, sign_flip_p, tost_p
from pipeline.records import Difference, Failure, Verdict

Judgement = Literal["identical", "equivalent", "different", "inconclusive"]

# From best to worst: the verdict on many is the worst of them.
SEVERITY: tuple[Verdict, ...] = (
    "proven",
    "identical",
    "equivalent",
    "infeasible",
    "unsupported",
    "inconclusive",
    "different",
)
SAME: frozenset[Verdict] = frozenset({"proven", "identical", "equivalent"})
NOT_RUN: frozenset[Verdict] = frozenset({"unsupported", "infeasible"})
EXIT_CODES: Mapping[str, int] = {"same": 0, "different": 1, "inconclusive": 2, "failed": 4}


def judge_metric(
    *, identical: bool, seeds: int, tost: float, beyond: float, low: float, high: float, margin: float
) -> Judgement:
    """The rule for one metric, see above."""
    if identical:
        return "identical"
    if seeds < 2:
        return "inconclusive"
    if tost <= ALPHA:
        return "equivalent"
    outside = low > margin or high < -margin
    return "different" if outside and beyond <= ALPHA / 2 else "inconclusive"


def judge_cell(paired: PairedCell, differences: Sequence[Difference]) -> Judgement:
    """The rule for one cell, see above."""
    whole = len(paired.evidence) == len(paired.planned)
    if paired.bitwise and whole:
        return "identical"
    verdicts = {difference.verdict for difference in differences}
    if not verdicts or len(differences) < len(paired.metrics):
        return "inconclusive"
    if "different" in verdicts:
        return "different"
    enough = whole and len(paired.evidence) >= 2
    return "equivalent" if enough and verdicts <= SAME else "inconclusive"


def compare_metric(metric: PairedMetric, margin: float, rng: np.random.Generator) -> Difference:
    """The paired difference of one metric, with finite values, and the verdict on it."""
    difference_S = metric.difference_S
    identical = bool(np.all(difference_S == 0))
    low, high = bca_interval(difference_S, rng)
    tost = 1.0 if identical else tost_p(difference_S, margin)
    verdict = judge_metric(
        identical=identical,
        seeds=len(difference_S),
        tost=tost,
        beyond=beyond_p(difference_S, margin),
        low=low,
        high=high,
        margin=margin,
    )
    return Difference(
        metric=metric.name,
        baseline_mean=float(np.mean(metric.baseline_S)),
        candidate_mean=float(np.mean(metric.candidate_S)),
        mean=float(np.mean(difference_S)),
        low=low,
        high=high,
        margin=margin,
        tost_p=tost,
        verdict=verdict,
        more_seeds=_more_seeds(difference_S, margin) if verdict == "inconclusive" else 0,
        sign_flip_p=sign_flip_p(difference_S, rng),
    )


def margin_of(metric: str, margins: Mapping[str, float], where: str) -> float:
    """The margin fixed in the config.  Raises EvidenceError if there is none: it can't be chosen afterwards."""
    if metric not in margins:
        remedy = f"set margins.{metric} in the config and run in a fresh directory"
        raise EvidenceError(where, f"no margin was fixed for the metric {metric}", remedy)
    return margins[metric]


def worst(verdicts: Sequence[Verdict]) -> Verdict:
    """The worst of at least one verdict; cells that could not run count only where no cell ran."""
    ran = [verdict for verdict in verdicts if verdict not in NOT_RUN]
    return max(ran or verdicts, key=SEVERITY.index)


def exit_code(verdicts: Sequence[Verdict], failures: Sequence[Failure]) -> int:
    """4 if a trial failed, else 1 if a cell is different, else 2 if one is undecided or none could run, else 0."""
    if failures:
        return EXIT_CODES["failed"]
    if not verdicts:
        return EXIT_CODES["same"]
    overall = worst(verdicts)
    if overall in SAME:
        return EXIT_CODES["same"]
    return EXIT_CODES["different" if overall == "different" else "inconclusive"]


def _more_seeds(difference_S: np.ndarray[tuple[int, ...], np.dtype[np.float64]], margin: float) -> int:
    needed = seeds_needed(difference_S, margin)
    return max(1, needed - len(difference_S)) if needed else 0
