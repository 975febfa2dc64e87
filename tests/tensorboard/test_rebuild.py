import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.analysis import analyse
from pipeline.errors import RunDirectoryError
from pipeline.records import Failure, Run, TimeEvidence, TrainEvidence
from pipeline.store.run_directory import RunDirectory
from pipeline.tensorboard.board import Board
from pipeline.tensorboard.rebuild import rebuild


@pytest.fixture
def directory(
    tmp_path: Path,
    three_seeds: tuple[TrainEvidence, ...],
    with_kept: TrainEvidence,
    timed: TimeEvidence,
    run_of: Callable[..., Run],
) -> RunDirectory:
    """A seed, one with all that can be kept of it, one that failed, a timing, and the logs written meanwhile."""
    run = run_of(three_seeds[0], with_kept, three_seeds[2], timed)
    directory = RunDirectory.open(tmp_path / "run", "name: made\n")
    directory.write_about(run.name, "", run.margins, run.published)
    directory.write_plan(run.plan)
    directory.write_data([])
    directory.write_environment(run.environment)
    for outcome in (three_seeds[0], with_kept, timed, Failure(three_seeds[2].trial, "numeric", "NaN")):
        directory.write(outcome)
        Board(directory.paths.tensorboard).outcome(outcome)
    read = directory.read()
    Board(directory.paths.tensorboard).result(read, analyse(read))
    return directory


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_logs_made_again_are_those_written_while_the_trials_ran(directory: RunDirectory) -> None:
    logs = directory.paths.tensorboard
    before = contents(logs)
    shutil.rmtree(logs)

    rebuild(directory.paths.root)
    assert contents(logs) == before


def test_logs_that_no_evidence_accounts_for_go(directory: RunDirectory) -> None:
    stale = directory.paths.tensorboard / "old" / "events.out.tfevents.0.start"
    stale.parent.mkdir()
    stale.write_bytes(b"")

    rebuild(directory.paths.root)
    assert not stale.parent.exists()


def test_directory_in_use_is_left_alone(directory: RunDirectory) -> None:
    before = contents(directory.paths.tensorboard)
    with directory.lock(), pytest.raises(RunDirectoryError, match="in use by another driver"):
        rebuild(directory.paths.root)

    assert contents(directory.paths.tensorboard) == before
