"""What a trial costs the driver against their number, drawn."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from benchmarks.orchestration_books import Books, further
from pipeline.report.figures import Drawing, draw
from pipeline.report.svg import COLOURS

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LOOKS: Mapping[str, tuple[str, str]] = {"plan": ("open", "s"), "record": ("baseline", "o"), "run": ("candidate", "D")}


def drawn(growth: Mapping[str, Sequence[Books]], titles: Mapping[str, str]) -> Drawing:
    """Milliseconds of a further trial by how many there are, on logarithmic axes: flat is what does not grow."""
    text = "Milliseconds of the driver for a further trial, against the number of trials."
    return draw("growth", text, (6.4, 3.6), lambda axes: _paint(axes, growth, titles))


def _paint(axes: "Axes", growth: Mapping[str, Sequence[Books]], titles: Mapping[str, str]) -> None:
    for what, found in growth.items():
        tone, marker = LOOKS[what]
        trials = [more.trials for _, more in pairwise(found)]
        cost = [1000 * further(few, more) for few, more in pairwise(found)]
        axes.plot(trials, cost, marker=marker, color=COLOURS[tone], label=titles[what].replace("`", ""))
    axes.set(xscale="log", yscale="log", xlabel="trials", ylabel="ms a further trial")
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_formatter(lambda value, _: f"{value:,g}")
    axes.legend(fontsize=9.5)
