"""The report's figures.  Each has a text that says what it shows, for those who can't see it."""

import textwrap
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from markupsafe import Markup

from pipeline.analysis.statistics import Floats
from pipeline.analysis.wording import count, number, signed
from pipeline.records import Cell, CellSummary, Difference, TrainEvidence
from pipeline.report.svg import COLOURS, light, settings, to_png, to_svg

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Canvas

Row = tuple[CellSummary, Difference]

CLIP = 3.0  # margins: an interval beyond is drawn to the edge, with an arrow
MOST_ROWS = 30
MOST_LETTERS = 64  # of a label's line: it may not be wider than the figure
MARKERS = {"identical": "D", "equivalent": "o", "different": "X", "inconclusive": "s"}
TONES = {"identical": "same", "equivalent": "same", "different": "different", "inconclusive": "open"}


@dataclass(frozen=True)
class Drawing:
    """What is painted on fresh axes, whenever it is asked for.  `text` says what it shows, `name` is its own."""

    name: str
    text: str
    inches: tuple[float, float]
    paint: Callable[["Axes"], None]

    def svg(self) -> Markup:
        """As the page has it: scales, and follows the page's theme."""
        import matplotlib

        with matplotlib.rc_context(settings()):
            return to_svg(self._painted(), name=self.name, text=self.text)

    def png(self) -> bytes:
        """In the light theme."""
        import matplotlib

        with light(), matplotlib.rc_context(settings()):
            return to_png(self._painted())

    def _painted(self) -> "Canvas":
        """matplotlib is imported when something is drawn: a command that draws nothing doesn't wait for it."""
        from matplotlib.figure import Figure as Canvas

        canvas = Canvas(figsize=self.inches, layout="constrained")
        self.paint(canvas.add_subplot())
        return canvas


@dataclass(frozen=True)
class Figure:
    """A drawing with its caption."""

    drawing: Drawing
    caption: str

    @property
    def svg(self) -> Markup:
        """The drawing, for the page."""
        return self.drawing.svg()


def forest(name: str, summaries: Sequence[CellSummary]) -> Figure | None:
    """Paired differences of one family in units of their margins, one row per cell and metric."""
    every_row = [(summary, item) for summary in summaries for item in summary.differences if item.margin > 0]
    if not every_row:
        return None
    # A long plot can't be read: the rows that reach furthest stay, in the order of the cells.
    furthest = sorted(range(len(every_row)), key=lambda at: -_reach(every_row[at][1]))[:MOST_ROWS]
    rows = [every_row[at] for at in sorted(furthest)]
    which = f"{count(len(rows), 'row')}" if rows == every_row else f"the {len(rows)} widest of {len(every_row)} rows"
    caption = (
        f"Candidate minus baseline in units of the margin, {which}; bars are 95 % intervals over seeds, the shaded "
        f"band is the margin. Wholly outside it: {sum(item.verdict == 'different' for _, item in every_row)}."
    )
    labels = _labels(rows)
    told = [
        f"{label}: {signed(item.mean)}, {signed(item.low)} to {signed(item.high)}."
        for label, (_, item) in zip(labels, rows, strict=True)
    ]
    wrapped = [textwrap.fill(label, MOST_LETTERS) for label in labels]
    row_height = 0.27 + 0.19 * max(label.count("\n") + 1 for label in wrapped)
    inches = (4.6, 0.75 + row_height * len(rows))
    drawing = draw(name, " ".join((caption, *told)), inches, lambda axes: _draw_forest(axes, rows, wrapped))
    return Figure(drawing, caption)


def curves(name: str, metric: str, found: Sequence[TrainEvidence], *, loss: bool) -> Figure:
    """Both arms' training loss, or primary metric, by epoch: the mean over seeds within the lowest and highest."""
    values_ASE = [
        np.array([(item.arms[arm].train_loss if loss else item.arms[arm].held_out) for item in found]) for arm in (0, 1)
    ]
    styles = [arm.style for arm in found[0].arms]
    what = "training loss" if loss else f"held-out {metric}"
    ends = " and ".join(
        f"{style} {number(float(v_SE[:, -1].mean()), 4)}" for style, v_SE in zip(styles, values_ASE, strict=True)
    )
    caption = f"{what.capitalize()} by epoch over {count(len(found), 'seed')}; mean at the end: {ends}."
    return Figure(draw(name, caption, (4.4, 2.7), lambda axes: _draw_curves(axes, what, styles, values_ASE)), caption)


def draw(name: str, text: str, inches: tuple[float, float], paint: Callable[["Axes"], None]) -> Drawing:
    """It is painted later, and not at all if nobody asks for it."""
    return Drawing(name, text, inches, paint)


def _reach(item: Difference) -> float:
    """How far the interval goes from zero, in margins."""
    return max(abs(item.low), abs(item.high)) / item.margin


def _labels(rows: Sequence[Row]) -> list[str]:
    """`accuracy · functional vs class · mirrored(2)`; what is the same in every row goes without saying."""
    settings = [
        (cell.frontend, cell.dtype_policy, "jit" if cell.jit else "no jit", f"{cell.loop} loop")
        for cell in _cells(rows)
    ]
    varies = [len(set(values)) > 1 for values in zip(*settings, strict=True)]
    return [
        " · ".join((item.metric, f"{cell.candidate} vs {cell.baseline}", cell.strategy.label, *_kept(values, varies)))
        for (_, item), cell, values in zip(rows, _cells(rows), settings, strict=True)
    ]


def _cells(rows: Sequence[Row]) -> list[Cell]:
    return [summary.cell for summary, _ in rows]


def _kept(values: Sequence[str], keep: Sequence[bool]) -> list[str]:
    return [value for value, kept in zip(values, keep, strict=True) if kept]


def _draw_forest(axes: "Axes", rows: Sequence[Row], labels: Sequence[str]) -> None:
    found, tones = [item for _, item in rows], [TONES[item.verdict] for _, item in rows]
    edge = min(CLIP, max(1.4, 1.1 * max(map(_reach, found))))
    in_margins = [(item.low / item.margin, item.mean / item.margin, item.high / item.margin) for item in found]
    low_R, mean_R, high_R = np.clip(np.array(in_margins), -edge, edge).T
    height_R: Floats = np.arange(0.0, -len(rows), -1.0) - 0.12
    # Lines only as high as a row, so that they never run through a label.
    bottom_R, top_R = height_R - 0.2, height_R + 0.2
    at_R = np.ones(len(rows))
    _gapped(axes, (-at_R, at_R), (height_R, height_R), color=COLOURS["panel"], linewidth=10, zorder=0)
    for at in (-1, 1):
        _gapped(axes, (at * at_R,) * 2, (bottom_R, top_R), color=COLOURS["muted"], linestyle="dotted", linewidth=1)
    _gapped(axes, (0 * at_R,) * 2, (bottom_R, top_R), color=COLOURS["muted"], linewidth=0.8)
    for tone in dict.fromkeys(tones):
        own = np.array(tones) == tone
        ends, heights = (low_R[own], high_R[own]), (height_R[own], height_R[own])
        _gapped(axes, ends, heights, color=COLOURS[tone], linewidth=2, zorder=2)
    markers_R = np.array([_marker(item, edge) for item in found])
    for marker, tone in dict.fromkeys(zip(markers_R.tolist(), tones, strict=True)):
        of_look = (markers_R == marker) & (np.array(tones) == tone)
        axes.plot(mean_R[of_look], height_R[of_look], marker, color=COLOURS[tone], markersize=7, zorder=3)
    for at, label in enumerate(labels):
        axes.text(-edge, -at + 0.14, label, fontsize=9.5, va="bottom", zorder=4, in_layout=False)
    axes.set(xlim=(-edge * 1.04, edge * 1.04), ylim=(-len(rows) + 0.5, 0.7), yticks=[])
    axes.set_xlabel("difference ÷ margin")
    axes.spines["left"].set_visible(False)


def _gapped(axes: "Axes", x_2R: Sequence[Floats], y_2R: Sequence[Floats], **look: Any) -> None:
    """One line with a gap after each row's part: a path of its own for each would make the page heavy."""
    gaps_R = np.full_like(x_2R[0], np.nan)
    x_R3, y_R3 = (np.column_stack((*ends_2R, gaps_R)) for ends_2R in (x_2R, y_2R))
    axes.plot(x_R3.ravel(), y_R3.ravel(), solid_capstyle="butt", **look)


def _marker(item: Difference, edge: float) -> str:
    """An arrow where the mean lies beyond the edge."""
    if abs(item.mean) / item.margin > edge:
        return "<" if item.mean < 0 else ">"
    return MARKERS[item.verdict]


def _draw_curves(axes: "Axes", what: str, styles: Sequence[str], values_ASE: Sequence[Floats]) -> None:
    """The candidate is dashed over the solid baseline, so that equal curves show both."""
    from matplotlib.ticker import MaxNLocator

    looks = (("baseline", "-", 2.6), ("candidate", (0, (3, 2)), 1.6))
    for style, values_SE, (role, dash, width) in zip(styles, values_ASE, looks, strict=True):
        epochs_E = np.arange(1, values_SE.shape[1] + 1)
        low_E, high_E = values_SE.min(axis=0), values_SE.max(axis=0)
        axes.fill_between(epochs_E, low_E, high_E, color=COLOURS[role], alpha=0.16, linewidth=0)
        mean_E = values_SE.mean(axis=0)
        label = f"{style} ({role})"
        axes.plot(epochs_E, mean_E, color=COLOURS[role], linestyle=dash, linewidth=width, marker=".", label=label)
    axes.set(xlabel="epoch", title="")
    axes.set_title(what, loc="left", fontsize=11)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.legend(fontsize=9.5)
