"""The charts of TensorBoard's Custom Scalars: both arms in one, with their bands over seeds."""

from collections.abc import Iterable, Sequence

from tensorboard.plugins.custom_scalar.layout_pb2 import (
    Category,
    Chart,
    Layout,
    MarginChartContent,
    MultilineChartContent,
)

from pipeline.tensorboard.seeds import LINES, band_tag


def layout(tags: Iterable[str], timed: Iterable[str] = ()) -> Layout:
    """A chart per tag in each of three groups: the arms with their bands, their difference, and every single run.

    And one for each of the `timed` tags, where cells were timed.
    """
    shown = list(tags)[::-1]  # TensorBoard 2.21 shows the last chart of a group first
    arms = [_margins(tag, ("baseline", "candidate")) for tag in shown]
    differences = [_margins(tag, ("difference",)) for tag in shown]
    groups = (
        Category(title="Both arms over seeds: mean, lowest and highest", chart=arms),
        Category(title="Candidate minus baseline over seeds: mean and 95 % interval", chart=differences),
        Category(title="Microseconds of a step by block, every process", chart=[_lines(tag) for tag in timed]),
        Category(title="Every seed, and the means", chart=[_lines(tag) for tag in shown], closed=True),
    )
    return Layout(category=[group for group in groups if group.chart])


def _lines(tag: str) -> Chart:
    return Chart(title=tag, multiline=MultilineChartContent(tag=[f"^{tag}$"]))


def _margins(tag: str, roles: Sequence[str]) -> Chart:
    series = [
        MarginChartContent.Series(**dict(zip(("value", "lower", "upper"), lines, strict=True)))
        for lines in ([band_tag(tag, role, line) for line in LINES] for role in roles)
    ]
    return Chart(title=tag, margin=MarginChartContent(series=series))
