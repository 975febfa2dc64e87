"""The forest plot of cost ratios."""

import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from pipeline.analysis.wording import count
from pipeline.records import CellCost, CellSummary
from pipeline.report.cost import ratio
from pipeline.report.figures import MOST_LETTERS, MOST_ROWS, Figure, draw
from pipeline.report.svg import COLOURS
from pipeline.report.tables import pair, setting

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Row = tuple[str, CellCost]
EDGE = 4.0  # a ratio beyond it, or below its inverse, is drawn at the edge


def cost_forest(name: str, summaries: Sequence[CellSummary]) -> Figure | None:
    """Step time of the candidate over the baseline's with its interval, one row per timed cell."""
    timed = [(item, item.cost) for item in summaries if item.cost and "step" in item.cost.phases]
    if not timed:
        return None
    furthest = sorted(range(len(timed)), key=lambda at: -abs(np.log(timed[at][1].phases["step"].ratio.value)))
    rows = [(_label(timed[at][0]), timed[at][1]) for at in sorted(furthest[:MOST_ROWS])]
    which = count(len(rows), "cell") if len(rows) == len(timed) else f"the {len(rows)} furthest from 1 of {len(timed)}"
    caption = (
        f"Seconds of a training step, candidate over baseline, {which}; bars are 95 % intervals, the grey band is the "
        "baseline over itself. Hollow: noisy, decides nothing."
    )
    told = [f"{label}: {ratio(cost.phases['step'].ratio)}, {cost.verdict}." for label, cost in rows]
    wrapped = [textwrap.fill(label, MOST_LETTERS) for label, _ in rows]
    inches = (4.6, 0.75 + sum(0.27 + 0.19 * (label.count("\n") + 1) for label in wrapped))
    return Figure(draw(name, " ".join((caption, *told)), inches, lambda axes: _paint(axes, rows, wrapped)), caption)


def _label(summary: CellSummary) -> str:
    return f"{pair(summary.cell)} · {summary.cell.data} · {setting(summary.cell)}"


def _paint(axes: "Axes", rows: Sequence[Row], labels: Sequence[str]) -> None:
    reach = max(abs(np.log(edge)) for _, cost in rows for edge in _edges(cost))
    edge = float(np.clip(1.1 * reach, np.log(1.1), np.log(EDGE)))
    at = 0.0
    for (_, cost), label in zip(rows, labels, strict=True):
        at -= 1 + 0.4 * label.count("\n")
        _paint_row(axes, at, cost, edge)
        axes.text(-edge, at + 0.14, label, fontsize=9.5, va="bottom", zorder=4, in_layout=False)
    axes.set(xlim=(-edge * 1.04, edge * 1.04), ylim=(at - 0.5, 0.1), yticks=[])
    ticks = [value for value in (0.25, 0.5, 0.8, 0.9, 0.95, 1, 1.05, 1.1, 1.25, 2, 4) if abs(np.log(value)) <= edge]
    apart = [value for value in ticks if value == 1 or abs(np.log(value)) > edge / 4]
    axes.set_xticks([float(np.log(value)) for value in apart], [f"× {value:g}" for value in apart])
    axes.set_xlabel("step time, candidate ÷ baseline")
    axes.spines["left"].set_visible(False)


def _paint_row(axes: "Axes", at: float, cost: CellCost, edge: float) -> None:
    step, height = cost.phases["step"], at - 0.12
    tone = COLOURS["candidate" if cost.verdict == "measured" else "open"]
    low, value, high = (
        float(np.clip(np.log(x), -edge, edge)) for x in (step.ratio.low, step.ratio.value, step.ratio.high)
    )
    control = [float(np.clip(np.log(x), -edge, edge)) for x in (step.control.low, step.control.high)]
    axes.fill_between(control, height - 0.2, height + 0.2, color=COLOURS["line"], linewidth=0, zorder=0)
    axes.vlines([0], height - 0.2, height + 0.2, color=COLOURS["muted"], linewidth=0.8, zorder=1)
    axes.plot([low, high], [height, height], color=tone, linewidth=2, solid_capstyle="butt", zorder=2)
    inside = tone if cost.verdict == "measured" else COLOURS["paper"]
    axes.plot([value], [height], marker="o", color=tone, markerfacecolor=inside, markersize=7, zorder=3)


def _edges(cost: CellCost) -> tuple[float, ...]:
    step = cost.phases["step"]
    return step.ratio.low, step.ratio.high, step.control.low, step.control.high
