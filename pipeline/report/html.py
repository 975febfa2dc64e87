"""index.html: one file that needs nothing else."""

from collections.abc import Mapping, Sequence
from functools import cache, partial
from importlib import resources
from typing import Any

import jinja2

from pipeline import explain
from pipeline.analysis import Claim, compare_published, summarise_families, worst
from pipeline.analysis.code import arm_codes
from pipeline.analysis.statistics import seeds_for_sign_flip
from pipeline.analysis.verdicts import NOT_RUN, SEVERITY
from pipeline.analysis.wording import count, listed, number, signed
from pipeline.records import REMEDIES, CellSummary, CertifyEvidence, Run
from pipeline.report import certificate_html, cost, shown, tables, trials
from pipeline.report.agreement import agreement_rows
from pipeline.report.anchors import cell_anchor, family_anchor, trial_anchor
from pipeline.report.cost_figures import cost_forest
from pipeline.report.family_figures import family_figures
from pipeline.report.lifecycle import lifecycle_table
from pipeline.report.published import published_rows
from pipeline.report.templating import environment
from pipeline.report.timeline import timeline
from pipeline.report.vocabulary import vocabulary_series

# A verdict is told by its word and a mark, never by colour alone; the tone picks the colour.
MARKS: Mapping[str, tuple[str, str]] = {
    **certificate_html.MARKS,
    "unsupported": ("–", "none"),
    "infeasible": ("–", "none"),
    "agrees": ("=", "same"),
    "differs": ("≠", "different"),
    "not judged": ("–", "none"),
    "reproduced": ("=", "same"),
    "undecided": ("?", "open"),
    "not reproduced": ("≠", "different"),
    "not measured": ("–", "none"),
    "measured": ("=", "none"),
    "noisy": ("?", "open"),
    "incomplete": ("?", "open"),
}
CODES = {0: "the same", 1: "different", 2: "inconclusive", 4: "trials failed"}


def render_html(run: Run, summaries: Sequence[CellSummary], claims: Sequence[Claim]) -> bytes:
    """The page.  Everything from configs, data and exceptions is escaped."""
    page = _environment().get_template("index.html")
    return page.render(run=run, claims=claims, **_of_cells(run, summaries), **_of_trials(run)).encode()


def _of_cells(run: Run, summaries: Sequence[CellSummary]) -> dict[str, Any]:
    """What the page says of verdicts, qualities and costs."""
    families = summarise_families(summaries)
    code = worst(summaries, run.failures)
    return {
        "question": run.question or question(summaries),
        "families": [
            (family, [item for item in summaries if item.cell.family == family.family]) for family in families
        ],
        "outcome": f"{code} ({CODES[code]})",
        "counts": _counts(summaries),
        "chosen": shown.chosen_cells(summaries),
        "total": len(summaries),
        "most": shown.MOST_CELLS,
        "costs": cost.cost_rows(summaries),
        "cost_forest": cost_forest("fig-cost", summaries),
        "vocabularies": vocabulary_series("fig-vocabulary", summaries),
        "grid": tables.grid(summaries),
        "agreements": agreement_rows(summaries),
        "excluded": [item for item in summaries if item.verdict in NOT_RUN],
        "figures": family_figures(run, summaries),
    }


def _of_trials(run: Run) -> dict[str, Any]:
    """What the page says of single trials, and of the run as a whole."""
    certificates = [item for item in run.evidence if isinstance(item, CertifyEvidence)]
    rows = shown.chosen_trials(run, trials.trial_rows(run))
    certified = frozenset(item.trial.id for item in certificates)
    return {
        "selftest": _selftest(),
        "certificates": certificates,
        "certified": certified,
        "on_page": certified | {row.id for row in rows},
        "whole": shown.whole_certificates(certificates),
        "lifecycle": lifecycle_table(certificates),
        "codes": arm_codes(run),
        "timeline": timeline("fig-timeline", run),
        "published": published_rows(compare_published(run)),
        "shown": shown.of_cells(run, rows),
        "trials": rows,
        "planned": len(run.plan.trials),
        "input_note": trials.input_note(run),
        "workers": trials.worker_rows(run),
        "weights": tables.weight_tables(run),
        "examples": tables.example_rows(run),
    }


def question(summaries: Sequence[CellSummary]) -> str:
    """What the run asks, from its cells."""
    candidates = listed(list(dict.fromkeys(item.cell.candidate for item in summaries)))
    baselines = listed(list(dict.fromkeys(item.cell.baseline for item in summaries)))
    if not summaries:
        return "What becomes of the article's examples?"
    return f"Are {candidates} layers the same as {baselines} layers?"


def meaning(verdict: str) -> str:
    """What a verdict means for a cell, as `parity explain` says it."""
    return next(word.cell for word in explain.find(verdict) if word.kind == "verdict")


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
        "remedies": REMEDIES,
        "marks": MARKS,
        "meaning": meaning,
        "seeds_for_sign_flip": seeds_for_sign_flip,
        "stage_names": tables.stage_names,
        "setting": tables.setting,
        "pair": tables.pair,
        "fragment": partial(certificate_html.fragment, heading=4),
        "moment": trials.moment,
        "trial_name": trials.trial_name,
        "family_cost": cost.family_cost,
        "step_ratio": cost.step_ratio,
    }
    return environment(helpers)


def _counts(summaries: Sequence[CellSummary]) -> list[tuple[str, int]]:
    """How many cells have each verdict, the best first."""
    verdicts = [item.verdict for item in summaries]
    return [(verdict, verdicts.count(verdict)) for verdict in SEVERITY if verdict in verdicts]
