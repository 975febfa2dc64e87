from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import msgspec
import numpy as np
import pytest

from pipeline.errors import RunDirectoryError
from pipeline.records import (
    EVIDENCE_VERSION,
    DataInfo,
    Environment,
    Failure,
    Plan,
    Published,
    PublishedFigure,
    RunTiming,
    TrainEvidence,
)
from pipeline.store.run_directory import RunDirectory

CONFIG = "name: demo\nepochs: 5\n"
PUBLISHED = Published([PublishedFigure("lookup", ["movielens_100k"], "rmse", 0.944, 0.01, "a README")])
MakeEvidence = Callable[[int], TrainEvidence]
MakeFailure = Callable[[int], Failure]


@pytest.fixture
def directory(tmp_path: Path) -> RunDirectory:
    return RunDirectory.open(tmp_path / "run", CONFIG)


def test_new_directory_holds_its_config(directory: RunDirectory) -> None:
    assert directory.paths.config.read_text() == CONFIG


def test_same_config_opens_the_directory_again(directory: RunDirectory, evidence: MakeEvidence) -> None:
    directory.write(evidence(1))

    assert RunDirectory.open(directory.paths.root, CONFIG).finished() == {"trial1": evidence(1)}


def test_other_config_is_refused_with_the_keys_that_differ(directory: RunDirectory) -> None:
    with pytest.raises(RunDirectoryError, match=r"another config \(differs in: epochs\); choose another --run-dir"):
        RunDirectory.open(directory.paths.root, CONFIG.replace("5", "6"))

    assert directory.paths.config.read_text() == CONFIG


def test_folder_with_other_files_is_refused_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("precious")

    with pytest.raises(RunDirectoryError, match="is not a run directory"):
        RunDirectory.open(tmp_path, CONFIG)

    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_place_below_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(RunDirectoryError, match="can't be written"):
        RunDirectory.open(tmp_path / "file" / "run", CONFIG)


def test_folder_of_no_run_can_not_be_opened_as_an_earlier_one(tmp_path: Path) -> None:
    with pytest.raises(RunDirectoryError, match="is not a run directory"):
        RunDirectory.existing(tmp_path)


def test_evidence_comes_back_equal(directory: RunDirectory, evidence: MakeEvidence) -> None:
    directory.write(evidence(1))
    directory.write(evidence(2))

    assert directory.finished() == {"trial1": evidence(1), "trial2": evidence(2)}


def test_failure_comes_back_equal_and_is_not_finished(directory: RunDirectory, failure: MakeFailure) -> None:
    directory.write(failure(1))

    assert directory.failures() == {"trial1": failure(1)}
    assert directory.finished() == {}


def test_success_removes_the_earlier_failure(
    directory: RunDirectory, evidence: MakeEvidence, failure: MakeFailure
) -> None:
    directory.write(failure(1))
    directory.write(evidence(1))

    assert directory.failures() == {}


@pytest.mark.parametrize("damage", [b"", b"garbage", b"\xff\xfe", b"[]", b'{"kind": "train"}'])
def test_damaged_record_is_named_with_the_remedy(
    directory: RunDirectory, evidence: MakeEvidence, damage: bytes
) -> None:
    directory.write(evidence(1))
    (directory.paths.evidence / "trial1.json").write_bytes(damage)

    with pytest.raises(RunDirectoryError, match=r"evidence/trial1.json: is not a whole record .*; delete this file"):
        directory.finished()


def test_truncated_record_is_named(directory: RunDirectory, evidence: MakeEvidence) -> None:
    directory.write(evidence(1))
    path = directory.paths.evidence / "trial1.json"
    path.write_bytes(path.read_bytes()[:-40])

    with pytest.raises(RunDirectoryError, match=r"trial1.json: is not a whole record"):
        directory.finished()


def test_record_of_another_version_says_so(directory: RunDirectory, evidence: MakeEvidence) -> None:
    directory.write(evidence(1))
    path = directory.paths.evidence / "trial1.json"
    path.write_text(
        path.read_text().replace(f'"schema_version": {EVIDENCE_VERSION}', '"schema_version": 99, "new_field": 0')
    )

    with pytest.raises(RunDirectoryError, match="was written with evidence version 99"):
        directory.finished()


def test_record_under_another_name_is_refused(directory: RunDirectory, evidence: MakeEvidence) -> None:
    directory.write(evidence(1))
    (directory.paths.evidence / "trial1.json").rename(directory.paths.evidence / "trial2.json")

    with pytest.raises(RunDirectoryError, match=r"trial2.json: holds the record of another trial \(trial1\)"):
        directory.finished()


def test_whole_run_is_read_in_the_order_of_the_plan(
    directory: RunDirectory,
    plan: Plan,
    environment: Environment,
    data: tuple[DataInfo, ...],
    timing: Callable[[float], RunTiming],
    evidence: MakeEvidence,
    failure: MakeFailure,
) -> None:
    directory.write_about("demo", "Same?", {"rmse": 0.01}, PUBLISHED)
    directory.write_plan(plan)
    directory.write_environment(environment)
    directory.write_data(data)
    for started in (1000.0, 9.0):
        directory.write_timing(timing(started))
    for seed in (1, 2, 3):
        directory.write(evidence(seed))
    directory.write(failure(2))

    run = directory.read()

    assert (run.name, run.config, run.margins) == ("demo", CONFIG, {"rmse": 0.01})
    assert run.published == PUBLISHED
    assert (run.plan, run.environment, run.data) == (plan, environment, data)
    assert run.evidence == (evidence(2), evidence(1))  # the plan has 2 first, and no 3
    assert run.failures == ()  # 2 has evidence
    assert [t.started for t in run.timings] == [9.0, 1000.0]


def test_run_without_a_plan_is_incomplete(directory: RunDirectory) -> None:
    directory.write_about("demo", "Same?", {}, Published())

    with pytest.raises(RunDirectoryError, match=r"plan.json: can't be read .*; run `parity run`"):
        directory.read()


def test_report_files_are_replaced(directory: RunDirectory) -> None:
    directory.write_report({"index.html": b"old", "report.md": b"x"})
    directory.write_report({"index.html": b"new"})

    assert (directory.paths.report / "index.html").read_bytes() == b"new"


@pytest.mark.fault("the driver was killed while it wrote a file", "the half file is removed")
def test_lock_removes_what_a_killed_driver_left_half_written(directory: RunDirectory, evidence: MakeEvidence) -> None:
    directory.write(evidence(1))
    (directory.paths.evidence / ".trial2.json.abc.tmp").write_text("half")

    with directory.lock():
        assert [path.name for path in directory.paths.evidence.iterdir()] == ["trial1.json"]


def test_second_driver_is_kept_out(directory: RunDirectory) -> None:
    with directory.lock(), pytest.raises(RunDirectoryError, match="in use by another driver"):
        RunDirectory.open(directory.paths.root, CONFIG).lock().__enter__()


@pytest.mark.parametrize("damage", [b"", b"garbage", b"\xff\xfe", b'{"kind": "train"}'])
def test_driver_sets_a_damaged_record_aside_and_the_trial_is_unfinished(
    directory: RunDirectory, evidence: MakeEvidence, damage: bytes
) -> None:
    directory.write(evidence(1))
    directory.write(evidence(2))
    (directory.paths.evidence / "trial1.json").write_bytes(damage)

    with directory.lock():
        assert directory.finished() == {"trial2": evidence(2)}

    (aside,) = directory.set_aside()
    assert aside.file == "evidence/trial1.json"
    assert aside.why.startswith("is not a whole record")
    assert (directory.paths.root / "set-aside" / "evidence-trial1.json").read_bytes() == damage


def test_driver_sets_a_record_under_another_name_aside(directory: RunDirectory, evidence: MakeEvidence) -> None:
    directory.write(evidence(1))
    (directory.paths.evidence / "trial1.json").rename(directory.paths.evidence / "trial2.json")

    with directory.lock():
        assert directory.finished() == {}

    assert directory.set_aside()[0].why == "holds the record of another trial (trial1)"


def test_driver_does_not_set_a_record_of_another_version_aside(directory: RunDirectory, evidence: MakeEvidence) -> None:
    directory.write(evidence(1))
    path = directory.paths.evidence / "trial1.json"
    path.write_text(path.read_text().replace(f'"schema_version": {EVIDENCE_VERSION}', '"schema_version": 99, "new": 0'))

    with directory.lock(), pytest.raises(RunDirectoryError, match="evidence version 99"):
        directory.finished()


def test_damaged_failure_and_timing_are_set_aside(
    directory: RunDirectory, failure: MakeFailure, timing: Callable[[float], RunTiming]
) -> None:
    directory.write(failure(1))
    directory.write_timing(timing(9.0))
    for path in (directory.paths.failures / "trial1.json", directory.paths.timing(timing(9.0))):
        path.write_bytes(path.read_bytes()[:-9])

    with directory.lock():
        assert directory.failures() == {}
        with pytest.raises(RunDirectoryError, match=r"about\.json"):
            directory.read()
    assert [item.file.partition("/")[0] for item in directory.set_aside()] == ["failures"]


def test_limits_and_retries_may_change_between_sessions(tmp_path: Path) -> None:
    one, other = (f"{CONFIG}trials: {{stall_seconds: {seconds}}}\n" for seconds in (30, 60))
    RunDirectory.open(tmp_path / "run", one)

    RunDirectory.open(tmp_path / "run", other)

    assert (tmp_path / "run" / "config.yaml").read_text() == other


def test_what_a_driver_left_that_was_killed_at_its_beginning_is_no_run(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / ".config.yaml.x1.tmp").write_text("half")

    RunDirectory.open(tmp_path / "run", CONFIG)


def test_snapshot_comes_back_and_is_dropped_with_the_evidence(directory: RunDirectory, evidence: MakeEvidence) -> None:
    snapshot = archive()
    directory.snapshots.save("trial1", snapshot)
    assert directory.snapshots.load("trial1") == snapshot

    directory.write(evidence(1))

    assert directory.snapshots.load("trial1") == b""


def test_snapshot_outlives_a_failure_only_where_another_attempt_may_end_otherwise(
    directory: RunDirectory, failure: MakeFailure
) -> None:
    for seed, category in ((1, "user_code"), (2, "infrastructure")):
        directory.snapshots.save(f"trial{seed}", archive())
        directory.write(msgspec.structs.replace(failure(seed), category=category))

    assert [bool(directory.snapshots.load(f"trial{seed}")) for seed in (1, 2)] == [False, True]


@pytest.mark.fault("a truncated, an empty and a garbage snapshot", "set aside; the trial begins anew")
@pytest.mark.parametrize("damage", [lambda b: b[:-9], lambda b: b[:0], lambda b: b[:150] + b"??" + b[152:]])
def test_damaged_snapshot_is_set_aside(directory: RunDirectory, damage: Callable[[bytes], bytes]) -> None:
    directory.snapshots.save("trial1", damage(archive()))

    assert directory.snapshots.load("trial1") == b""
    assert [item.file for item in directory.set_aside()] == ["snapshots/trial1.npz"]


def archive() -> bytes:
    buffer = BytesIO()
    np.savez(buffer, values=np.arange(9.0))
    return buffer.getvalue()
