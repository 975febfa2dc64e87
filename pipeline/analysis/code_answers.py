"""How the claims about code are answered, from what each arm's code is like."""

from collections.abc import Sequence

from pipeline.analysis.answer import Answer
from pipeline.analysis.code import ArmCode, arm_codes
from pipeline.analysis.families import summarise_families
from pipeline.records import CellSummary, Run

UNCOUNTED = "complexity and overridden methods: the evidence is of a version that did not count them; train anew"


def stateful(run: Run, summaries: Sequence[CellSummary]) -> Answer:
    """C5: whether the functional arm of the stateful family trains like the class arm, and what the code of each is."""
    found = [summary for summary in summaries if summary.cell.family == "stateful"]
    if not any(summary.seeds for summary in found):
        return Answer(missing="training of the family stateful (stateful in families, windows in data)")
    summary, codes = summarise_families(found)[0], arm_codes(run).get("stateful", ())
    return Answer(
        f"{summary.verdict.capitalize()}: {summary.sentence} The code of both, without a verdict: {_list(codes)}.",
        missing=_gap(codes),
        cells=tuple(each.cell.label for each in found if each.seeds),
    )


def conciseness(run: Run, summaries: Sequence[CellSummary]) -> Answer:
    """C7: lines, complexity and overridden methods per arm and family."""
    table = arm_codes(run)
    if not table:
        return Answer(missing="training of a family (families, data and seeds in the config)")
    told = "; ".join(f"{family}: {_list(codes)}" for family, codes in table.items())
    return Answer(
        f"Source lines, McCabe's complexity and overridden methods per arm, without a verdict. {told}.",
        missing=_gap([code for codes in table.values() for code in codes]),
        cells=tuple(summary.cell.label for summary in summaries if summary.seeds),
    )


def _list(codes: Sequence[ArmCode]) -> str:
    return " – ".join(code.sentence for code in codes)


def _gap(codes: Sequence[ArmCode]) -> str:
    return "" if all(code.functions for code in codes) else UNCOUNTED
