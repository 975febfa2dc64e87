"""Step time against vocabulary: where a pair was timed in one setting on data of several vocabularies."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal

from pipeline.analysis.wording import count, number
from pipeline.records import CellCost, CellSummary, Record, Spread
from pipeline.report.anchors import cell_anchor
from pipeline.report.cost import ratio
from pipeline.report.figures import Figure, draw
from pipeline.report.svg import COLOURS
from pipeline.report.tables import pair, setting

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MOST_SERIES = 6  # on the page; report.json has every cell's
ROOM = 1.6  # to both sides: the narrowest axis has a tick, and small differences look small
FEW_DECADES = 10.0  # an axis of a narrower range has ticks between the powers of ten
Role = Literal["baseline", "candidate"]
Timed = tuple[CellSummary, CellCost]
Series = tuple[str, list[Timed]]


class VocabularyRow(Record, frozen=True):
    """One timed cell: milliseconds of a step of both arms."""

    anchor: str
    series: str
    data: str
    vocabulary: str
    baseline: str
    candidate: str
    ratio: str
    verdict: str


class VocabularySeries(Record, frozen=True):
    """One pair in one setting, by ascending vocabulary."""

    name: str
    figure: Figure
    rows: tuple[VocabularyRow, ...]


def vocabulary_series(name: str, summaries: Sequence[CellSummary]) -> tuple[VocabularySeries, ...]:
    """Those of the widest range of vocabularies first; none where no pair was timed on two."""
    groups: dict[str, list[Timed]] = {}
    for item in summaries:
        if item.cost and item.cost.vocabulary and "step" in item.cost.phases:
            groups.setdefault(f"{pair(item.cell)} · {setting(item.cell)}", []).append((item, item.cost))
    ascending = [(what, sorted(timed, key=_vocabulary)) for what, timed in groups.items()]
    widest = sorted((found for found in ascending if _range(found) > 1), key=lambda found: -_range(found))
    return tuple(
        VocabularySeries(what, _figure(f"{name}-{at}", what, timed), tuple(_row(what, *one) for one in timed))
        for at, (what, timed) in enumerate(widest[:MOST_SERIES])
    )


def _vocabulary(timed: Timed) -> int:
    return timed[1].vocabulary


def _range(found: Series) -> float:
    """The largest vocabulary over the smallest."""
    return _vocabulary(found[1][-1]) / _vocabulary(found[1][0])


def _row(what: str, summary: CellSummary, cost: CellCost) -> VocabularyRow:
    step = cost.phases["step"]
    return VocabularyRow(
        anchor=cell_anchor(summary.cell.label),
        series=what,
        data=summary.cell.data,
        vocabulary=f"{cost.vocabulary:,}",
        baseline=number(step.baseline.median * 1e3),
        candidate=number(step.candidate.median * 1e3),
        ratio=ratio(step.ratio),
        verdict=cost.verdict,
    )


def _figure(name: str, what: str, timed: Sequence[Timed]) -> Figure:
    caption = (
        f"{what}: milliseconds of a training step by the ids that the data has, those of its columns together, on "
        f"{count(len(timed), 'data set')}; both axes logarithmic. Bars hold 90 % of the calls. Hollow: noisy, decides "
        "nothing. A step takes the data set's own batch."
    )
    rows = [_row(what, *one) for one in timed]
    told = [f"{row.vocabulary} ids: {row.baseline} ms and {row.candidate} ms." for row in rows]
    return Figure(draw(name, " ".join((caption, *told)), (4.6, 3.0), lambda axes: _paint(axes, timed)), caption)


def _paint(axes: "Axes", timed: Sequence[Timed]) -> None:
    """The candidate is dashed over the solid baseline, so that equal curves show both."""
    from matplotlib.ticker import LogLocator

    cell, dashed = timed[0][0].cell, (0, (3, 2))
    _arm(axes, timed, "baseline", cell.baseline, linestyle="-", linewidth=2.6)
    _arm(axes, timed, "candidate", cell.candidate, linestyle=dashed, linewidth=1.6)
    axes.set(xscale="log", yscale="log", xlabel="ids", ylabel="ms a step")
    for axis, form, limit in ((axes.xaxis, "{x:,.0f}", axes.set_xlim), (axes.yaxis, "{x:g}", axes.set_ylim)):
        low, high = axis.get_data_interval()
        limit(low / ROOM, high * ROOM)
        axis.set_major_locator(LogLocator(subs=(1.0,) if high / low > FEW_DECADES else (1.0, 2.0, 5.0)))
        axis.set_major_formatter(form)
    axes.minorticks_off()
    axes.legend(fontsize=9.5)


def _arm(axes: "Axes", timed: Sequence[Timed], role: Role, style: str, **line: Any) -> None:
    ids = [cost.vocabulary for _, cost in timed]
    spreads: list[Spread] = [getattr(cost.phases["step"], role) for _, cost in timed]
    axes.plot(ids, [each.median * 1e3 for each in spreads], color=COLOURS[role], label=f"{style} ({role})", **line)
    for at, spread, (_, cost) in zip(ids, spreads, timed, strict=True):
        inside = COLOURS[role] if cost.verdict == "measured" else COLOURS["paper"]
        axes.vlines([at], spread.low * 1e3, spread.high * 1e3, color=COLOURS[role], linewidth=1)
        axes.plot([at], [spread.median * 1e3], "o", color=COLOURS[role], markerfacecolor=inside, markersize=6)
