"""A run to one summary per cell: the plan's cells in order, then those that could not run."""

from collections.abc import Sequence

import numpy as np

from pipeline.analysis import verdicts
from pipeline.analysis.agreement import agreement_of
from pipeline.analysis.certified import certificates, certified_cell, combine
from pipeline.analysis.pairing import PairedCell, pair
from pipeline.analysis.sentences import sentence_of
from pipeline.analysis.verdicts import compare_metric, judge_cell, margin_of
from pipeline.records import CellSummary, Difference, ExcludedCell, Failure, Run

# Every metric of every cell draws its bootstrap from this seed: no interval depends on what else was measured.
BOOTSTRAP_SEED = 20_240_229


def analyse(run: Run) -> tuple[CellSummary, ...]:
    """The verdicts of a run; the same run gives the same numbers.

    Raises EvidenceError if a pair lacks an arm, a metric its margin, or a data set its size.
    """
    found = certificates(run)
    ran = [
        combine(_summarise(paired, run), found.get(certified_cell(paired.cell)), agreement_of(paired, run))
        for paired in pair(run)
    ]
    return (*ran, *(_excluded(cell) for cell in run.plan.excluded))


def worst(summaries: Sequence[CellSummary], failures: Sequence[Failure]) -> int:
    """The exit code of a run: 4 a trial failed, 1 different, 2 undecided or nothing could run, 0 all the same."""
    return verdicts.exit_code([summary.verdict for summary in summaries], failures)


def _summarise(paired: PairedCell, run: Run) -> CellSummary:
    differences = _differences(paired, run)
    verdict = judge_cell(paired, differences)
    return CellSummary(
        cell=paired.cell,
        verdict=verdict,
        sentence=sentence_of(paired, verdict, differences),
        seeds=paired.seeds,
        failed_seeds=paired.failed,
        bitwise=paired.bitwise,
        differences=differences,
    )


def _differences(paired: PairedCell, run: Run) -> tuple[Difference, ...]:
    """One per metric that is finite in both arms for every seed."""
    finite = [metric for metric in paired.metrics if np.all(np.isfinite((metric.baseline_S, metric.candidate_S)))]
    return tuple(
        compare_metric(
            metric,
            margin_of(metric.name, run.margins, paired.cell.label),
            np.random.default_rng(BOOTSTRAP_SEED),
        )
        for metric in finite
    )


def _excluded(excluded: ExcludedCell) -> CellSummary:
    return CellSummary(cell=excluded.cell, verdict=excluded.verdict, sentence=excluded.reason)
