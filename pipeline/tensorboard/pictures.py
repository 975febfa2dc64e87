"""The report's figures as pictures: TensorBoard shows no SVG."""

from collections.abc import Iterator, Sequence

from pipeline.records import CellSummary, Run
from pipeline.report.cost_figures import cost_forest
from pipeline.report.family_figures import family_figures
from pipeline.report.figures import Figure

_KINDS = ("loss", "metric")


def pictures(run: Run, summaries: Sequence[CellSummary]) -> Iterator[tuple[str, str, bytes]]:
    """(tag, caption, PNG) of each figure that the report draws of families and costs."""
    for tag, figure in _figures(run, summaries):
        if figure:
            yield f"figures/{tag}", figure.caption, figure.drawing.png()


def _figures(run: Run, summaries: Sequence[CellSummary]) -> Iterator[tuple[str, Figure | None]]:
    yield "cost", cost_forest("cost", summaries)
    for family, (forest, curves) in family_figures(run, summaries).items():
        yield f"{family}/differences", forest
        for label, of_cell in curves:
            yield from ((f"{family}/{label}/{kind}", figure) for kind, figure in zip(_KINDS, of_cell, strict=True))
