"""One verdict, one sentence and "how sure" per family: what a reader sees first.

Cells that could not run count in every "of": 2 of 3 cells.
"""

from collections import Counter
from collections.abc import Sequence

from pipeline.analysis.agreement import disagreement
from pipeline.analysis.certified import DISTRIBUTION
from pipeline.analysis.verdicts import NOT_RUN, SAME, SEVERITY, worst
from pipeline.analysis.wording import count, listed, number, signed
from pipeline.records import CellSummary, Record, Verdict


class FamilySummary(Record, frozen=True):
    """The worst verdict over a family's cells, in words."""

    family: str
    verdict: Verdict
    sentence: str
    sureness: str
    cells: int  # that ran
    not_run: int


def summarise_families(summaries: Sequence[CellSummary]) -> tuple[FamilySummary, ...]:
    """One summary per family, in the order in which the cells name them."""
    families = dict.fromkeys(summary.cell.family for summary in summaries)
    return tuple(_summarise(name, [item for item in summaries if item.cell.family == name]) for name in families)


def _summarise(family: str, summaries: list[CellSummary]) -> FamilySummary:
    ran = [summary for summary in summaries if summary.verdict not in NOT_RUN]
    return FamilySummary(
        family=family,
        verdict=worst([summary.verdict for summary in summaries]),
        sentence=_sentence(ran, summaries) if ran else f"No cell could run. {summaries[0].sentence}",
        sureness=_sureness(ran, summaries) if ran else "Nothing was measured.",
        cells=len(ran),
        not_run=len(summaries) - len(ran),
    )


def _sentence(ran: list[CellSummary], summaries: list[CellSummary]) -> str:
    """One clause per pair of styles that ran, in the order of the cells."""
    pairs = dict.fromkeys(map(_pair, ran))
    clauses = [
        _clause(*pair, [item for item in ran if _pair(item) == pair], sum(_pair(item) == pair for item in summaries))
        for pair in pairs
    ]
    return f"{'; '.join(clauses)}."


def _pair(summary: CellSummary) -> tuple[str, str]:
    return summary.cell.candidate, summary.cell.baseline


def _clause(candidate: str, baseline: str, ran: list[CellSummary], cells: int) -> str:
    """`functional trained the same as class in 2 of 2 cells (1 identical, 1 equivalent)`."""
    verdict = worst([summary.verdict for summary in ran])
    part = _part(sum(summary.verdict == verdict for summary in ran), cells)
    if verdict == "proven":
        return f"{candidate} is proven the same as {baseline} in {part}{_training(ran)}"
    if verdict == "identical":
        return f"{candidate} trained to the same bits as {baseline} in {part}"
    if verdict in SAME:
        return f"{candidate} trained the same as {baseline} in {_part(len(ran), cells)} ({_counts(ran)})"
    if verdict == "different" and _only_distributed(ran):
        return _distributed(candidate, baseline, ran, part)
    if verdict == "different":
        return f"{candidate} differs from {baseline} in {part}: {_largest(ran)}"
    return f"{candidate} against {baseline} is undecided in {part}{_advice(ran)}"


def _training(ran: list[CellSummary]) -> str:
    """What the seeds of proven cells say."""
    undecided = sum(summary.needs_seeds for summary in ran)
    return (
        f"; too few seeds to see it in training in {_part(undecided, len(ran))}"
        if undecided
        else ", and trained the same"
    )


def _only_distributed(ran: list[CellSummary]) -> bool:
    """Whether nothing is different but an arm under a strategy from itself on one device."""
    apart = [summary for summary in ran if summary.verdict == "different"]
    others = [summary for summary in apart if summary.level != DISTRIBUTION or summary.trained == "different"]
    return not others and any(map(_differs, apart))


def _distributed(candidate: str, baseline: str, ran: list[CellSummary], part: str) -> str:
    """Names the cell that is furthest off."""
    same = all((summary.trained or summary.verdict) in SAME for summary in ran)
    arms = f"{candidate} trained the same as {baseline}" if same else f"{candidate} against {baseline} is undecided"
    apart = [(summary.agreement, summary) for summary in ran if summary.agreement and _differs(summary)]
    furthest, summary = max(apart, key=lambda found: max(found[0].weights, found[0].replicas))
    return (
        f"{arms}, but the strategy changes them in {part}: under {summary.cell.strategy.label}, "
        f"{disagreement(furthest)}"
    )


def _differs(summary: CellSummary) -> bool:
    return summary.agreement is not None and summary.agreement.verdict == "differs"


def _largest(ran: list[CellSummary]) -> str:
    """The difference that is largest in margins, with where it was seen; else the certificate's level."""
    apart = [(item, summary) for summary in ran for item in summary.differences if item.verdict == "different"]
    if not apart:
        levels = listed(list(dict.fromkeys(summary.level for summary in ran if summary.level)))
        return f"certified different at level {levels}, though it trained within the margins"
    worst_one, summary = max(apart, key=lambda found: abs(found[0].mean) / (found[0].margin or 1.0))
    return (
        f"{worst_one.metric} by {signed(worst_one.mean)} under {summary.cell.strategy.label}, "
        f"margin ±{number(worst_one.margin)}"
    )


def _advice(ran: list[CellSummary]) -> str:
    more = max((item.more_seeds for summary in ran for item in summary.differences), default=0)
    if more:
        return f": about {count(more, 'more seed')} would decide"
    return ": failed trials are missing" if any(summary.failed_seeds for summary in ran) else ""


def _sureness(ran: list[CellSummary], summaries: list[CellSummary]) -> str:
    failed = sum(len(summary.failed_seeds) for summary in ran)
    seeds = [len(summary.seeds) for summary in ran]
    spread = count(min(seeds), "seed") if min(seeds) == max(seeds) else f"{min(seeds)} to {max(seeds)} seeds"
    parts = [f"{spread} in {'its one cell' if len(ran) == 1 else f'each of {len(ran)} cells'}"]
    if failed:
        parts.append(f"{count(failed, 'trial')} failed")
    if left_out := [summary for summary in summaries if summary.verdict in NOT_RUN]:
        parts.append(f"{count(len(left_out), 'cell')} did not run ({_counts(left_out)})")
    reaches = [reach for summary in ran for reach in _reaches(summary)]
    if reaches:
        parts.append(f"the widest interval reaches {number(max(reaches), 2)} × its margin")
    return "; ".join(parts) + "."


def _reaches(summary: CellSummary) -> list[float]:
    """How far each interval goes from zero, in margins."""
    if summary.verdict == "identical":
        return []
    return [max(abs(item.low), abs(item.high)) / item.margin for item in summary.differences if item.margin > 0]


def _part(some: int, cells: int) -> str:
    """`2 of 4 cells`, `the one cell`."""
    return "the one cell" if cells == 1 else f"{some} of {count(cells, 'cell')}"


def _counts(summaries: list[CellSummary]) -> str:
    counts = Counter(summary.verdict for summary in summaries)
    return listed([f"{counts[verdict]} {verdict}" for verdict in SEVERITY if counts[verdict]])
