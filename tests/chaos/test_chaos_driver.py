"""What happens to the driver, and to its disk; each time the same command then finishes the run."""

import random
import re
import shutil
import signal
import time
from pathlib import Path

import pytest
from command_line import HERE, reported, results, stamps

from pipeline.store.run_directory import RunDirectory
from pipeline.tensorboard.rebuild import rebuild

SECONDS = 14.0  # about as long as the small run takes


def killed_then_finished(start, folder: Path, undisturbed: Path, times: int) -> None:
    moments = random.Random(times)
    for _ in range(times):
        finished = stamps(folder)
        run = start(folder)
        run.wait(moments.uniform(0.5, SECONDS))
        run.kill()
        assert stamps(folder).items() >= finished.items()  # nothing is lost, or run again
    finished = stamps(folder)
    code, _, err = start(folder).end()

    assert code == 0, err
    assert stamps(folder).items() >= finished.items()
    assert results(folder) == results(undisturbed)
    assert reported(folder) == reported(undisturbed)


@pytest.mark.fault("the driver is killed (-9) at random moments", "the same command finishes; nothing runs twice")
def test_driver_killed_twice_then_finished_gives_what_an_undisturbed_one_gives(start, undisturbed, tmp_path) -> None:
    killed_then_finished(start, tmp_path / "run", undisturbed, times=2)


@pytest.mark.long
@pytest.mark.timeout(900)
@pytest.mark.fault("the driver is killed (-9), 20 times in a row", "the same command finishes; nothing runs twice")
def test_driver_killed_twenty_times_then_finished_gives_what_an_undisturbed_one_gives(
    start, undisturbed, tmp_path
) -> None:
    killed_then_finished(start, tmp_path / "run", undisturbed, times=20)


@pytest.mark.fault("Ctrl-C twice", "ends at once, without a traceback; the same command finishes")
def test_ctrl_c_twice_ends_it_and_the_same_command_finishes(start, undisturbed, tmp_path) -> None:
    run = start(tmp_path / "run")
    run.wait_for("evidence/*.json")
    run.send(signal.SIGINT)
    run.wait(0.3)
    run.send(signal.SIGINT)
    code, out, err = run.end()

    assert code == 130
    assert "Traceback" not in out + err
    assert start(tmp_path / "run").end()[0] == 0
    assert reported(tmp_path / "run") == reported(undisturbed)


@pytest.mark.long
@pytest.mark.fault("SIGTERM to the driver", "what trains is saved; the same command resumes within the trial")
def test_driver_that_is_told_to_end_saves_what_trains_and_resumes_it(start, tmp_path) -> None:
    longer = ("seeds=[0]", "train.epochs=800", "trials.snapshot_seconds=1")
    run = start(tmp_path / "run", *longer)
    run.wait_for("snapshots/*.npz")
    run.wait(4)
    notice = time.time()
    run.tell(signal.SIGTERM)
    code, _, err = run.end()

    assert code == 130, err
    assert "the same command resumes" in err
    (snapshot,) = (tmp_path / "run" / "snapshots").iterdir()
    assert snapshot.stat().st_mtime > notice
    again = start(tmp_path / "run", *longer).end()
    assert again[0] in (0, 2), again[2]  # one seed proves little
    assert len(results(tmp_path / "run")) == 1
    assert not snapshot.exists()


@pytest.mark.fault("two drivers in one run directory", "the second is refused, with the owner's process and remedy")
def test_second_driver_is_refused_with_the_owner_and_the_first_goes_on(start, tmp_path) -> None:
    first = start(tmp_path / "run")
    first.wait_for("plan.json")
    code, _, err = start(tmp_path / "run").end()

    assert code == 3
    assert re.search(r"in use by another driver \(process \d+ on .+\); wait until it ends", err)
    assert first.end()[0] == 0


@pytest.mark.long
@pytest.mark.fault("a truncated, an empty and a garbage evidence record", "set aside, named, and the trials run again")
def test_damaged_records_are_set_aside_named_and_run_again(start, undisturbed, tmp_path) -> None:
    code, _, err = start(tmp_path / "run").end()
    assert code == 0, err
    records = sorted((tmp_path / "run" / "evidence").iterdir())
    for path, damage in zip(records, (lambda b: b[: len(b) // 2], lambda b: b[:0], lambda b: b[::-1]), strict=False):
        path.write_bytes(damage(path.read_bytes()))

    code, out, err = start(tmp_path / "run").end()

    assert code == 0, err
    assert all(f"set aside: evidence/{path.name}" in out for path in records[:3])
    assert results(tmp_path / "run") == results(undisturbed)
    assert all(path.name in (tmp_path / "run" / "report" / "index.html").read_text() for path in records[:3])


@pytest.mark.long
@pytest.mark.fault("the clock jumps by an hour, to and fro, in every process", "deadlines and durations don't notice")
def test_run_does_not_notice_that_the_clock_jumps(start, undisturbed, tmp_path) -> None:
    (tmp_path / "jumps").mkdir()
    (tmp_path / "jumps" / "sitecustomize.py").write_text(
        "import itertools, time\n"
        "real, turns = time.time, itertools.cycle([0, 3600, -3600])\n"
        "time.time = lambda: real() + next(turns)\n"
    )
    code, _, err = start(tmp_path / "run", PYTHONPATH=f"{tmp_path / 'jumps'}:{HERE}").end()

    assert code == 0, err
    assert results(tmp_path / "run") == results(undisturbed)
    run = RunDirectory.existing(tmp_path / "run").read()
    assert all(0 < item.worker.seconds < 100 for item in run.evidence)
    assert all(0 < timing.seconds < 100 for timing in run.timings)


@pytest.mark.fault("a truncated, an empty and a garbage event file", "made again from the evidence, byte for byte")
def test_damaged_event_files_are_made_again(undisturbed, tmp_path) -> None:
    shutil.copytree(undisturbed, tmp_path / "run")
    rebuild(tmp_path / "run")
    logs = sorted((tmp_path / "run" / "tensorboard").rglob("*tfevents*"))
    before = {path: path.read_bytes() for path in logs}
    for path, damage in zip(logs, (lambda b: b[: len(b) // 2], lambda b: b[:0], lambda b: b[::-1]), strict=False):
        path.write_bytes(damage(path.read_bytes()))

    rebuild(tmp_path / "run")

    assert {path: path.read_bytes() for path in logs} == before
