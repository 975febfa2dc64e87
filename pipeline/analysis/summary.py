"""A run to one summary per cell: the plan's cells in order, then those that could not run."""

from collections.abc import Mapping, Sequence

from msgspec import structs

from pipeline.analysis import verdicts
from pipeline.analysis.agreement import agreement_of
from pipeline.analysis.certified import certificates, certified_cell, combine
from pipeline.analysis.hypotheses import Hypotheses, hypotheses_of
from pipeline.analysis.looks import waiting
from pipeline.analysis.margins import margin_of
from pipeline.analysis.pairing import PairedCell, pair
from pipeline.analysis.sentences import sentence_of
from pipeline.analysis.timing import costs
from pipeline.analysis.verdicts import compare_metric, judge_cell
from pipeline.records import Cell, CellSummary, Difference, ExcludedCell, Failure, Run

_Tests = Mapping[tuple[Cell, str], Hypotheses]


def analyse(run: Run) -> tuple[CellSummary, ...]:
    """The verdicts of a run; the same run gives the same numbers.

    Raises EvidenceError if a pair lacks an arm, a metric its margin, or a data set its size.
    """
    found, cells = certificates(run), pair(run)
    tested = hypotheses_of(run, cells)
    ran = [
        combine(_summarise(paired, run, tested), found.get(certified_cell(paired.cell)), agreement_of(paired, run))
        for paired in cells
    ]
    spent = costs(run)
    timed = [structs.replace(item, cost=spent.get(item.cell)) for item in ran]
    return (*timed, *(_excluded(cell) for cell in run.plan.excluded))


def worst(summaries: Sequence[CellSummary], failures: Sequence[Failure]) -> int:
    """The exit code of a run: 4 a trial failed, 1 different, 2 undecided or nothing could run, 0 all the same."""
    return verdicts.exit_code([summary.verdict for summary in summaries], failures)


def _summarise(paired: PairedCell, run: Run, tested: _Tests) -> CellSummary:
    differences = _differences(paired, run, tested)
    verdict = judge_cell(paired, differences)
    told = (sentence_of(paired, verdict, differences), waiting(paired, run.looks))
    return CellSummary(
        cell=paired.cell,
        verdict=verdict,
        sentence=" ".join(filter(None, told)),
        seeds=paired.seeds,
        failed_seeds=paired.failed,
        bitwise=paired.bitwise,
        differences=differences,
        needs_seeds=verdict == "inconclusive" and paired.whole and 0 < len(differences) == len(paired.metrics),
    )


def _differences(paired: PairedCell, run: Run, tested: _Tests) -> tuple[Difference, ...]:
    """One per metric that is finite in both arms for every seed."""
    return tuple(
        compare_metric(
            metric,
            margin_of(metric.name, run.margins, paired.cell.label),
            tested.get((paired.cell, metric.name), Hypotheses()),
        )
        for metric in paired.metrics
        if metric.finite
    )


def _excluded(excluded: ExcludedCell) -> CellSummary:
    return CellSummary(cell=excluded.cell, verdict=excluded.verdict, sentence=excluded.reason)
