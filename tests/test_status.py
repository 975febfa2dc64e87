"""How far a run is, from its directory alone.  The driver is this process, or one that has ended."""

import json
import os
import socket
import subprocess
import sys
import time

import pytest

from pipeline import cli, plan, status
from pipeline.config import Experiment
from pipeline.errors import RunDirectoryError
from pipeline.records import Capacity, Failure
from pipeline.status_record import Going, Progress, file_of
from pipeline.status_writer import recorded
from pipeline.store import codec
from pipeline.store.lock import Owner
from pipeline.store.run_directory import RunDirectory


class Silent:
    """A display that shows nothing and notes what it was told."""

    def __init__(self):
        self.told = []

    def begun(self, trial):
        self.told.append(trial.id)

    def ended(self, outcome):
        self.told.append(outcome.trial.id)


class Shown:
    """A watch over a Silent display."""

    def __init__(self):
        self.display = Silent()

    def __call__(self, todo, before):
        del todo, before
        return self

    def __enter__(self):
        return self.display

    def __exit__(self, *error):
        return None


@pytest.fixture
def made(inventory):
    config = Experiment(
        families=["projection"], data=["digits"], seeds=[0, 1, 2], certify=False, margins={"accuracy": 0.1}
    )
    return plan.make(config, inventory, Capacity(4.0), "c.yaml")


@pytest.fixture
def folder(tmp_path, made):
    directory = RunDirectory.open(tmp_path / "run", "name: x\n")
    directory.write_plan(made)
    return tmp_path / "run"


def own(folder, host=None, pid=None, started=1000.0):
    owner = Owner(host or socket.gethostname(), pid or os.getpid(), started)
    (folder / "driver.lock").write_bytes(codec.encode(owner))


def write_progress(folder, *running, written=1100.0):
    file_of(folder).write_bytes(codec.encode(Progress(1000.0, written, 0, running)))


def finish(folder, trial):
    (folder / "evidence").mkdir(exist_ok=True)
    (folder / "evidence" / f"{trial.id}.json").write_text("{}")


def counts(found):
    return found.finished, len(found.running), found.failed, found.waiting


def test_every_trial_is_in_one_state(folder, made):
    first, second, third = made.trials
    own(folder)
    finish(folder, first)
    RunDirectory(folder).write(Failure(second, "numeric", "the loss is NaN"))
    write_progress(folder, Going(third.id, third.label, 1090.0))
    found = status.read(folder, now=1102.0)
    assert (found.state, counts(found)) == ("working", (1, 1, 1, 0))
    assert status.lines(found, now=1102.0)[1:] == [
        "1 of 3 trials finished, 1 running, 1 failed, 0 waiting",
        f"running for 12 s: {third.label}",
        f"failed: {second.label}: numeric: the loss is NaN",
    ]


def test_a_trial_that_failed_before_and_runs_again_is_running(folder, made):
    first, *_ = made.trials
    own(folder)
    RunDirectory(folder).write(Failure(first, "infrastructure", "lost"))
    write_progress(folder, Going(first.id, first.label, 1090.0))
    assert counts(status.read(folder)) == (0, 1, 0, 2)


def test_a_driver_that_died_runs_nothing(folder, made):
    with subprocess.Popen([sys.executable, "-c", ""]) as ended:
        ended.wait()
    own(folder, pid=ended.pid)
    write_progress(folder, Going(made.trials[0].id, made.trials[0].label, 1090.0))
    found = status.read(folder, now=1102.0)
    assert (found.state, counts(found)) == ("gone", (0, 0, 0, 3))
    assert "its driver has died; it was at work since" in status.lines(found)[0]


@pytest.mark.parametrize(("now", "state"), [(1110.0, "working"), (1200.0, "silent")])
def test_a_driver_on_another_machine_is_at_work_while_it_gives_signs(folder, now, state):
    own(folder, host="elsewhere")
    write_progress(folder, written=1100.0)
    assert status.read(folder, now=now).state == state


def test_a_run_that_is_done_says_so(folder, made):
    for trial in made.trials:
        finish(folder, trial)
    found = status.read(folder)
    assert counts(found) == (3, 0, 0, 0)
    assert status.lines(found)[0] == f"{folder}: finished"


def test_a_run_nobody_works_on_says_how_to_resume(folder):
    assert (
        "no driver works here; `parity run` with this --run-dir resumes the 3 left"
        in status.lines(status.read(folder))[0]
    )


def test_evidence_of_trials_that_are_not_planned_any_more_does_not_count(folder, made):
    finish(folder, made.trials[0])
    (folder / "evidence" / "old.json").write_text("{}")
    assert counts(status.read(folder)) == (1, 0, 0, 2)


def test_a_folder_without_a_plan_says_what_to_wait_for(tmp_path):
    RunDirectory.open(tmp_path / "run", "name: x\n")
    with pytest.raises(RunDirectoryError, match="wait until its driver has planned"):
        status.read(tmp_path / "run")


def test_it_is_there_for_machines_too(folder, capsys):
    assert cli.main(["status", str(folder), "--json"]) == 0
    read = json.loads(capsys.readouterr().out)
    assert (read["planned"], read["state"]) == (3, "not working")


def test_a_job_whose_server_is_not_there_is_one_line_with_the_remedy(capsys):
    assert cli.main(["status", "smoke-1a2b3c4d", "--address", "http://127.0.0.1:1"]) == 3
    assert "no job server can be reached" in capsys.readouterr().err


def test_the_driver_writes_down_what_begins_and_ends_and_hands_it_on(folder, made):
    first, second, _ = made.trials
    shown = Shown()
    own(folder)
    outcome = Failure(first, "numeric", "x")
    with recorded(shown, folder)(3, 0) as display:
        display.begun(first)
        display.begun(second)
        display.ended(outcome)
        deadline = time.monotonic() + 20
        while [going.id for going in status.read(folder).running] != [second.id] and time.monotonic() < deadline:
            time.sleep(0.05)
        assert [going.id for going in status.read(folder).running] == [second.id]
    assert status.read(folder).running == ()
    assert shown.display.told == [first.id, second.id, first.id]


def test_a_disk_that_is_full_does_not_end_a_run(made, tmp_path):
    nowhere = tmp_path / "file"
    nowhere.write_text("not a folder")
    with recorded(Shown(), nowhere)(1, 0) as display:
        display.begun(made.trials[0])
