"""The rules that turn numbers into verdicts.  A reader checks the product here, against docs/verdicts.md.

One metric of one cell, the first rule that holds:
    identical     both arms have the same value for every seed
    different     the test "beyond the margin" has p ≤ LEVEL
    equivalent    the test "within the margin" (two one-sided tests) has p ≤ LEVEL
    inconclusive  anything else, and every difference on fewer than two seeds
Both p values are over all looks at the cell and adjusted for every test of the run: see hypotheses.py.
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

from pipeline.analysis.hypotheses import Hypotheses
from pipeline.analysis.margins import margin_size
from pipeline.analysis.pairing import PairedCell, PairedMetric
from pipeline.analysis.power import seeds_needed
from pipeline.analysis.resampling import bca_interval, drawn, sign_flip_p
from pipeline.analysis.statistics import LEVEL, t_interval, tost_p
from pipeline.records import Difference, Failure, Margin, Verdict

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


def judge_metric(*, identical: bool, equivalent_p: float, different_p: float) -> Judgement:
    """The rule for one metric, see above.  On fewer than two seeds both p values are 1."""
    if identical:
        return "identical"
    if different_p <= LEVEL:
        return "different"
    return "equivalent" if equivalent_p <= LEVEL else "inconclusive"


def judge_cell(paired: PairedCell, differences: Sequence[Difference]) -> Judgement:
    """The rule for one cell, see above."""
    if paired.bitwise and paired.whole:
        return "identical"
    verdicts = {difference.verdict for difference in differences}
    if not verdicts or len(differences) < len(paired.metrics):
        return "inconclusive"
    if "different" in verdicts:
        return "different"
    enough = paired.whole and len(paired.evidence) >= 2
    return "equivalent" if enough and verdicts <= SAME else "inconclusive"


def compare_metric(metric: PairedMetric, margin: Margin, tested: Hypotheses) -> Difference:
    """The paired difference of one metric, with finite values, and the verdict on it."""
    difference_S, size = metric.difference_S, margin_size(metric, margin)
    identical = bool(np.all(difference_S == 0))
    verdict = judge_metric(identical=identical, equivalent_p=tested.equivalent_p, different_p=tested.different_p)
    low, high = t_interval(difference_S)
    places_DS, signs_FS = drawn(len(difference_S))
    bca_low, bca_high = bca_interval(difference_S, places_DS)
    return Difference(
        metric=metric.name,
        baseline_mean=float(np.mean(metric.baseline_S)),
        candidate_mean=float(np.mean(metric.candidate_S)),
        mean=float(np.mean(difference_S)),
        low=low,
        high=high,
        margin=size,
        tost_p=1.0 if identical else tost_p(difference_S, size),
        verdict=verdict,
        more_seeds=_more_seeds(metric, margin, tested) if verdict == "inconclusive" else 0,
        sign_flip_p=sign_flip_p(difference_S, signs_FS),
        equivalent_p=tested.equivalent_p,
        different_p=tested.different_p,
        bca_low=bca_low,
        bca_high=bca_high,
        margin_of_sd=margin.size if margin.of_sd else 0.0,
    )


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


def _more_seeds(metric: PairedMetric, margin: Margin, tested: Hypotheses) -> int:
    within = abs(float(np.mean(metric.difference_S))) < margin_size(metric, margin)
    needed = seeds_needed(metric, margin, tested.equivalent_level if within else tested.different_level)
    return max(1, needed - len(metric.difference_S)) if needed else 0
