"""`parity selftest` over one pair, for real; its exit code over counts made by hand."""

import json

import pytest

from pipeline import certify_commands
from pipeline.selftest.confusion import Confusion, Judged


def test_one_held_out_pair_and_its_baseline_against_itself_are_judged_right(parity, tmp_path):
    done = parity("selftest", "--split", "held_out", "--subset", "1", "--json", tmp_path / "out.json")
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.splitlines()[-2:] == ["PASSED", f"written: {tmp_path / 'out.json'}"]
    judged = json.loads((tmp_path / "out.json").read_bytes())["judged"]
    assert {one["split"] for one in judged} == {"held_out"}


@pytest.mark.parametrize(("verdict", "code"), [("different", 0), ("proven", 4), ("failed", 4)])
def test_a_requirement_that_does_not_hold_is_exit_code_4(capsys, verdict, code):
    judged = Judged("pair", "keras", "tuned", "different", "values", verdict)
    assert certify_commands._reported(Confusion((judged,)), None) == code
    assert ("NOT PASSED" in capsys.readouterr().out) == bool(code)


@pytest.mark.parametrize(("subset", "chosen"), [(None, "abcdefg"), (3, "ace"), (7, "abcdefg"), (99, "abcdefg")])
def test_a_subset_is_spread_over_the_bank(subset, chosen):
    assert "".join(certify_commands._spread(tuple("abcdefg"), subset)) == chosen
