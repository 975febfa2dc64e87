"""index.html: one file that needs nothing else."""

from collections.abc import Mapping, Sequence
from functools import cache, partial
from importlib import resources

import jinja2

from pipeline.analysis import Claim, FamilySummary, summarise_families, worst
from pipeline.analysis.pairing import metrics_in_order
from pipeline.analysis.statistics import seeds_for_sign_flip
from pipeline.analysis.verdicts import NOT_RUN, SEVERITY
from pipeline.analysis.wording import count, listed, number, signed
from pipeline.records import CellSummary, CertifyEvidence, Run, TrainEvidence
from pipeline.report import certificate_html, tables, trials
from pipeline.report.agreement import agreement_rows
from pipeline.report.anchors import cell_anchor, family_anchor, trial_anchor
from pipeline.report.figures import Figure, curves, forest
from pipeline.report.templating import environment

# A verdict is told by its word and a mark, never by colour alone; the tone picks the colour.
MARKS: Mapping[str, tuple[str, str]] = {
    **certificate_html.MARKS,
    "unsupported": ("–", "none"),
    "infeasible": ("–", "none"),
    "agrees": ("=", "same"),
    "differs": ("≠", "different"),
    "not judged": ("–", "none"),
}
CODES = {0: "the same", 1: "different", 2: "inconclusive", 4: "trials failed"}


def render_html(run: Run, summaries: Sequence[CellSummary], claims: Sequence[Claim]) -> bytes:
    """The page.  Everything from configs, data and exceptions is escaped."""
    families = summarise_families(summaries)
    code = worst(summaries, run.failures)
    page = (
        _environment()
        .get_template("index.html")
        .render(
            run=run,
            question=run.question or question(summaries),
            families=[
                (family, [item for item in summaries if item.cell.family == family.family]) for family in families
            ],
            outcome=f"{code} ({CODES[code]})",
            counts=_counts(summaries),
            claims=claims,
            selftest=_selftest(),
            certificates=[item for item in run.evidence if isinstance(item, CertifyEvidence)],
            grid=tables.grid(summaries),
            agreements=agreement_rows(summaries),
            excluded=[item for item in summaries if item.verdict in NOT_RUN],
            figures={family.family: _family_figures(at, family, run, summaries) for at, family in enumerate(families)},
            trials=trials.trial_rows(run),
            workers=trials.worker_rows(run),
            weights=tables.weight_tables(run),
            examples=tables.example_rows(run),
        )
    )
    return page.encode()


def question(summaries: Sequence[CellSummary]) -> str:
    """What the run asks, from its cells."""
    candidates = listed(list(dict.fromkeys(item.cell.candidate for item in summaries)))
    baselines = listed(list(dict.fromkeys(item.cell.baseline for item in summaries)))
    if not summaries:
        return "What becomes of the article's examples?"
    return f"Are {candidates} layers the same as {baselines} layers?"


def _selftest() -> str:
    """What `parity selftest` printed when it was last kept: `parity selftest > pipeline/report/selftest.txt`."""
    return resources.files("pipeline.report").joinpath("selftest.txt").read_text(encoding="utf-8")


@cache
def _environment() -> jinja2.Environment:
    helpers = {
        "cell_anchor": cell_anchor,
        "trial_anchor": trial_anchor,
        "family_anchor": family_anchor,
        "number": number,
        "signed": signed,
        "count": count,
        "marks": MARKS,
        "seeds_for_sign_flip": seeds_for_sign_flip,
        "stage_names": tables.stage_names,
        "setting": tables.setting,
        "pair": tables.pair,
        "fragment": partial(certificate_html.fragment, heading=4),
        "moment": trials.moment,
    }
    return environment(helpers)


def _counts(summaries: Sequence[CellSummary]) -> list[tuple[str, int]]:
    """How many cells have each verdict, the best first."""
    verdicts = [item.verdict for item in summaries]
    return [(verdict, verdicts.count(verdict)) for verdict in SEVERITY if verdict in verdicts]


def _family_figures(
    at: int, family: FamilySummary, run: Run, summaries: Sequence[CellSummary]
) -> tuple[Figure | None, list[tuple[str, list[Figure]]]]:
    """The forest plot, and per pair the learning curves of its worst cell: what one would look at first."""
    of_family = [item for item in summaries if item.cell.family == family.family]
    prefix = f"fig-{at}-{tables.slug(family.family)}"
    groups: dict[str, CellSummary] = {}
    for item in sorted(of_family, key=lambda item: -SEVERITY.index(item.verdict)):
        if item.seeds:
            groups.setdefault(tables.pair(item.cell), item)
    drawn = [(item.cell.label, _curves(f"{prefix}-{n}", run, item)) for n, item in enumerate(groups.values())]
    return forest(f"{prefix}-forest", of_family), drawn


def _curves(prefix: str, run: Run, summary: CellSummary) -> list[Figure]:
    found = [
        item
        for item in run.evidence
        if isinstance(item, TrainEvidence) and item.trial.cell == summary.cell and item.trial.seed in summary.seeds
    ]
    metric = metrics_in_order(found[0].arms[0])[0]
    return [curves(f"{prefix}-{kind}", metric, found, loss=kind == "loss") for kind in ("loss", "metric")]
