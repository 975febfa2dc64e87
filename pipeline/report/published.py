"""What others published beside what the run came to, in words that HTML, Markdown and the command line share."""

from collections.abc import Sequence

from pipeline.analysis.wording import MINUS, count, number, signed
from pipeline.records import FigureFound, OrderFound, PublishedFound, Record, SeedMean
from pipeline.report.tables import setting

DIGITS = 4


class PublishedRow(Record, frozen=True):
    """A figure or an order, in one arm and setting."""

    what: str
    where: str  # arm and setting
    verdict: str
    ours: str
    published: str
    difference: str
    source: str

    @property
    def sentence(self) -> str:
        """One line of plain text."""
        apart = f", {self.difference}" if self.difference else ""
        return f"{self.what} ({self.where}): {self.ours} beside {self.published}{apart}: {self.verdict}"


def published_rows(found: PublishedFound) -> tuple[PublishedRow, ...]:
    """Figures, then orders, in the config's order."""
    return (*map(_figure, found.figures), *map(_order, found.orders))


def _figure(found: FigureFound) -> PublishedRow:
    figure, ours = found.figure, found.ours
    return PublishedRow(
        what=f"{figure.family} · {_data(figure.data)} · {figure.metric}",
        where=f"{found.style} · {setting(found.cell)}",
        verdict=found.verdict,
        ours=_interval(ours, found.seeds) if ours else _too_few(found.seeds),
        published=f"{number(figure.value, DIGITS)} ± {number(figure.within, DIGITS)}",
        difference=_apart(ours.mean - figure.value) if ours else "",
        source=figure.source,
    )


def _order(found: OrderFound) -> PublishedRow:
    order = found.order
    means = [f"{family} {_measured(mean)}" for family, mean in zip(order.families, found.means, strict=False)]
    return PublishedRow(
        what=f"the order of families · {_data(order.data)} · {order.metric}",
        where=f"{found.style} · {setting(found.cell)}",
        verdict=found.verdict,
        ours=f"{', '.join(means)} ({count(found.seeds, 'seed')})" if means else _too_few(found.seeds),
        published=f"worst to best: {', '.join(order.families)}",
        difference="; ".join(f"better by {_step(step)}" for step in found.steps),
        source=order.source,
    )


def _interval(ours: SeedMean, seeds: int) -> str:
    low, high = _measured(ours.low), _measured(ours.high)
    return f"{_measured(ours.mean)} (95 % interval {low} to {high}, {count(seeds, 'seed')})"


def _measured(value: float) -> str:
    """As many decimals for .93 as for .9304, so that a column compares at a glance."""
    return f"{value:.{DIGITS}f}".replace("-", MINUS) if 0.01 <= abs(value) < 10 else number(value, DIGITS)


def _apart(value: float) -> str:
    return f"{value:+.{DIGITS}f}".replace("-", MINUS) if 1e-4 <= abs(value) < 10 else signed(value, 2)


def _step(step: SeedMean) -> str:
    return f"{_apart(step.mean)} ({_apart(step.low)} to {_apart(step.high)})"


def _too_few(seeds: int) -> str:
    return f"{count(seeds, 'seed')}, too few" if seeds else "nothing"


def _data(names: Sequence[str]) -> str:
    return ", ".join(names) if len(names) < 3 else f"mean of {names[0]} to {names[-1]}"
