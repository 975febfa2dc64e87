"""junit.xml: one test case per cell, so that any CI shows verdicts as it shows tests."""

import re
from collections.abc import Sequence
from xml.etree import ElementTree

from pipeline.analysis.verdicts import SAME
from pipeline.printable import clean
from pipeline.records import Cell, CellSummary, ExampleTrial, Failure, Run, TimeTrial, TrainEvidence

# XML 1.0 has no place for these, not even escaped; exceptions carry them as terminal colours.
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def render_junit(run: Run, summaries: Sequence[CellSummary]) -> bytes:
    """A different cell or a failed trial is a failure; what is undecided or could not run is skipped.

    Article examples and time trials that gave no evidence are test cases too, else their failure would be lost.
    """
    suite = ElementTree.Element("testsuite", name=_clean(f"layerparity {run.name}"))
    seconds = _seconds(run)
    for summary in summaries:
        _add_cell(suite, summary, seconds.get(summary.cell, 0.0), run.failures)
    for failure in run.failures:
        if isinstance(failure.trial, ExampleTrial | TimeTrial):
            group = "examples" if isinstance(failure.trial, ExampleTrial) else "timing"
            _add_failure(_add_case(suite, group, failure.trial.label, 0.0), failure.message, failure.traceback)
    suite.set("tests", str(len(suite)))
    suite.set("failures", str(len(suite.findall("testcase/failure"))))
    suite.set("skipped", str(len(suite.findall("testcase/skipped"))))
    suites = ElementTree.Element("testsuites")
    suites.append(suite)
    ElementTree.indent(suites)
    return (
        b'<?xml version="1.0" encoding="utf-8"?>\n' + ElementTree.tostring(suites, encoding="unicode").encode() + b"\n"
    )


def _add_cell(suite: ElementTree.Element, summary: CellSummary, seconds: float, failures: Sequence[Failure]) -> None:
    case = _add_case(suite, summary.cell.family, summary.cell.label, seconds)
    of_cell = [item for item in failures if getattr(item.trial, "cell", None) == summary.cell]
    if summary.verdict == "different" or summary.failed_seeds:
        _add_failure(case, summary.sentence, "\n\n".join(f"{item.message}\n{item.traceback}" for item in of_cell))
    elif summary.verdict not in SAME:
        ElementTree.SubElement(case, "skipped", message=_clean(f"{summary.verdict}: {summary.sentence}"))


def _add_case(suite: ElementTree.Element, group: str, name: str, seconds: float) -> ElementTree.Element:
    return ElementTree.SubElement(suite, "testcase", classname=_clean(group), name=_clean(name), time=f"{seconds:.3f}")


def _add_failure(case: ElementTree.Element, message: str, detail: str) -> None:
    ElementTree.SubElement(case, "failure", message=_clean(message)).text = _clean(detail)


def _seconds(run: Run) -> dict[Cell, float]:
    """Trial seconds per cell."""
    seconds: dict[Cell, float] = {}
    for item in run.evidence:
        if isinstance(item, TrainEvidence):
            seconds[item.trial.cell] = seconds.get(item.trial.cell, 0.0) + item.worker.seconds
    return seconds


def _clean(text: str) -> str:
    return _FORBIDDEN.sub("\ufffd", clean(text))
