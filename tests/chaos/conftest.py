"""What the tests of faults share: runs of the command line, and who is left of them."""

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from command_line import HERE, Run, results
from machine_processes import processes_with

Start = Callable[..., Run]


@pytest.fixture
def mark() -> Iterator[str]:
    """A variable, `NAME=value`, for the environment of a run: all of its processes must be gone after the test.

    Ray's agents take up to a minute to notice that a driver was killed.
    """
    variable = f"LAYERPARITY_CHAOS={os.getpid()}-{time.time_ns()}"
    yield variable
    deadline = time.monotonic() + 100
    while processes_with(variable) and time.monotonic() < deadline:
        time.sleep(0.2)
    assert processes_with(variable) == []


@pytest.fixture
def start(mark: str) -> Iterator[Start]:
    """Starts `parity run` of the small config in a folder; what still runs after the test is killed."""
    name, _, value = mark.partition("=")
    started: list[Run] = []

    def starting(folder: Path, *overrides: str, **environment: str) -> Run:
        started.append(Run(folder, overrides, {name: value, "PYTHONPATH": HERE, **environment}))
        return started[-1]

    yield starting
    for run in started:
        run.kill()


@pytest.fixture(scope="session")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The directory of a run that nothing was done to."""
    folder = tmp_path_factory.mktemp("undisturbed") / "run"
    code, _, err = Run(folder, (), {"PYTHONPATH": HERE}).end()
    assert code == 0, err
    assert len(results(folder)) == 4
    return folder
