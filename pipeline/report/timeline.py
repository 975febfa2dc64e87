"""What ran when on which worker: one bar a trial, as long as it took."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from pipeline.analysis.wording import count, listed, number
from pipeline.records import CertifyEvidence, Evidence, ExampleEvidence, Run, TimeEvidence, TrainEvidence
from pipeline.report.figures import Figure, draw
from pipeline.report.svg import COLOURS

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MOST_WORKERS = 24
MANY = 200
_KINDS: Mapping[type[Evidence], tuple[str, str]] = {
    CertifyEvidence: ("certificate", "same"),
    TrainEvidence: ("training", "baseline"),
    TimeEvidence: ("timing", "candidate"),
    ExampleEvidence: ("example", "open"),
}
Bars = dict[str, list[tuple[float, float]]]  # kind -> (start, end)


def timeline(name: str, run: Run) -> Figure | None:
    """One row a worker, the busiest first; gang members but the first have none."""
    if not run.evidence:
        return None
    first = min(item.worker.started for item in run.evidence)
    last = max(item.worker.started + item.worker.seconds for item in run.evidence)
    workers: dict[str, list[Evidence]] = {}
    for item in run.evidence:
        workers.setdefault(f"{item.worker.host}:{item.worker.pid}", []).append(item)
    busiest = sorted(workers, key=lambda worker: (-sum(item.worker.seconds for item in workers[worker]), worker))
    rows = {worker: _bars(workers[worker], first) for worker in busiest[:MOST_WORKERS]}
    spent: Counter[str] = Counter()
    for item in run.evidence:
        spent[_KINDS[type(item)][0]] += item.worker.seconds  # type: ignore[assignment]
    which = (
        count(len(workers), "worker")
        if len(workers) == len(rows)
        else f"the {len(rows)} busiest of {len(workers)} workers"
    )
    parts = listed([f"{kind} {number(seconds)} s" for kind, seconds in spent.most_common()])
    caption = f"What ran when, on {which}. Seconds of work: {parts}. First start to last end: {number(last - first)} s."
    told = [f"{worker}: {count(len(workers[worker]), 'trial')}." for worker in rows]
    inches = (8.0, 0.95 + 0.42 * len(rows))
    return Figure(draw(name, " ".join((caption, *told)), inches, lambda axes: _paint(axes, rows)), caption)


def _bars(found: Sequence[Evidence], first: float) -> Bars:
    """Of a worker with many trials, those of a kind that follow each other are one bar: a pixel can't show more."""
    bars: Bars = {}
    last = ""
    for item in sorted(found, key=lambda item: item.worker.started):
        kind, start = _KINDS[type(item)][0], item.worker.started - first
        of_kind = bars.setdefault(kind, [])
        if kind == last and len(found) > MANY:
            start = of_kind.pop()[0]
        of_kind.append((start, item.worker.started - first + item.worker.seconds))
        last = kind
    return bars


def _paint(axes: "Axes", rows: Mapping[str, Bars]) -> None:
    tones = dict(_KINDS.values())
    labelled: set[str] = set()
    for at, (worker, bars) in enumerate(rows.items()):
        for kind, spans in bars.items():
            # One line with gaps: a path of its own for each of many trials would make the page heavy.
            ends = [edge for span in spans for edge in (*span, float("nan"))]
            label = None if kind in labelled else kind
            labelled.add(kind)
            axes.plot(ends, [-at] * len(ends), COLOURS[tones[kind]], linewidth=9, solid_capstyle="butt", label=label)
        axes.text(0, -at + 0.26, worker, fontsize=9.5, va="bottom")
    axes.set(ylim=(-len(rows) + 0.5, 0.75), yticks=[], xlabel="seconds since the first trial began")
    axes.set_xlim(left=0)
    axes.spines["left"].set_visible(False)
    axes.legend(fontsize=9.5, ncols=4, loc="lower left", bbox_to_anchor=(0, 1), borderpad=0)
