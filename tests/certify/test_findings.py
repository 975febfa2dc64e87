import msgspec
import numpy as np

from pipeline.certify.findings import first_line, run_checks, tensor_text
from pipeline.records import Finding


def passes():
    return [Finding("values", "passes", "same", "alike")]


def breaks():
    raise KeyError("lost")


def test_a_crash_in_one_check_is_an_error_and_the_others_go_on():
    findings = list(run_checks("values", {"breaks": breaks, "passes": passes}, lambda: 1.0))
    assert [finding.outcome for finding in findings] == ["error", "same"]
    assert "KeyError" in findings[0].traceback


def tells_a_secret():
    raise ConnectionError("refused by https://me:hunter2@host")


def test_a_crash_tells_no_secret():
    (finding,) = run_checks("values", {"tells": tells_a_secret}, lambda: 1.0)
    assert finding.sentence == "the check crashed: ConnectionError: refused by https://(redacted)@host"
    assert "hunter2" not in finding.traceback


def test_checks_past_the_time_limit_are_named_in_a_note():
    left = iter([1.0, 0.0, 0.0])
    checks = {"passes": passes, "second": passes, "third": passes}
    findings = list(run_checks("values", checks, lambda: next(left)))
    assert [finding.outcome for finding in findings] == ["same", "note"]
    assert findings[1].sentence.endswith("second, third")


def test_a_finding_survives_json():
    finding = Finding("update", "adam", "different", "apart", details={"role": "kernel", "relative": 0.5})
    assert msgspec.json.decode(msgspec.json.encode(finding), type=Finding) == finding


def test_a_small_tensor_is_shown_whole_and_a_large_one_by_its_edges():
    assert tensor_text(np.arange(4)).values == "[0, 1, 2, 3]"
    assert "..." in tensor_text(np.zeros(10_000)).values


def test_a_keras_error_is_told_without_its_wrapping():
    wrapped = (
        "Exception encountered when calling Arm.call().\n\nshapes differ\n\nArguments received by Arm.call():\n  x"
    )
    assert first_line(ValueError(wrapped)) == "ValueError: shapes differ"
