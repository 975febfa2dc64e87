from xml.etree import ElementTree

import msgspec
import pytest
from golden_run import golden_run

from pipeline.records import ExampleEvidence, Failure


@pytest.fixture(scope="module")
def suite(files):
    return ElementTree.fromstring(files["junit.xml"]).find("testsuite")


def test_there_is_one_test_case_per_cell(suite, golden):
    names = [case.get("name") for case in suite.iter("testcase")]
    assert names == [cell.label for cell in (*golden.plan.cells, *(item.cell for item in golden.plan.excluded))]


def test_counts_match_the_cases(suite):
    assert (suite.get("tests"), suite.get("failures"), suite.get("skipped")) == ("10", "3", "3")


def test_a_different_cell_is_a_failure_with_its_sentence(suite):
    case = next(case for case in suite.iter("testcase") if "lambda" in case.get("name"))
    assert case.find("failure").get("message").startswith("Differs in accuracy")


def test_a_cell_with_a_failed_seed_is_a_failure_with_the_traceback(suite):
    case = next(
        case for case in suite.iter("testcase") if case.find("failure") is not None and "stateful" in case.get("name")
    )
    assert "FloatingPointError" in case.find("failure").text


def test_a_cell_that_disagrees_with_one_device_is_a_failure_that_names_the_variable(suite):
    (case,) = (
        case for case in suite.iter("testcase") if "stateful" in case.get("name") and "mirrored" in case.get("name")
    )
    assert "the class arm's state is 0.312 away" in case.find("failure").get("message")


def test_an_undecided_cell_is_skipped_with_its_verdict(suite):
    messages = [
        case.find("skipped").get("message") for case in suite.iter("testcase") if case.find("skipped") is not None
    ]
    assert [message.split(":")[0] for message in messages] == ["inconclusive", "unsupported", "infeasible"]


def test_terminal_colours_in_an_exception_do_not_break_the_file(render_run):
    run = golden_run()
    coloured = msgspec.structs.replace(run.failures[0], message="\x1b[31mred\x1b[0m \x00")
    assert (
        ElementTree.fromstring(render_run(msgspec.structs.replace(run, failures=(coloured,)))["junit.xml"]) is not None
    )


def test_an_example_that_gave_no_evidence_is_a_failure(render_run):
    run = golden_run()
    example = next(item.trial for item in run.evidence if isinstance(item, ExampleEvidence))
    left = tuple(item for item in run.evidence if item.trial.id != example.id)
    broken = msgspec.structs.replace(run, evidence=left, failures=(Failure(example, "infrastructure", "worker died"),))
    cases = ElementTree.fromstring(render_run(broken)["junit.xml"]).iter("testcase")
    assert [case.find("failure").get("message") for case in cases if case.get("classname") == "examples"] == [
        "worker died"
    ]
