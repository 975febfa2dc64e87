import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from pipeline.errors import RunDirectoryError
from pipeline.store.lock import locked


def _driver(path: Path) -> subprocess.Popen[str]:
    """Another process that holds the lock until its input closes."""
    code = """
        import sys
        from pathlib import Path
        from pipeline.store.lock import locked
        with locked(Path(sys.argv[1])):
            print("held", flush=True)
            sys.stdin.read()
    """
    command = [sys.executable, "-c", textwrap.dedent(code), str(path)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def test_second_driver_is_told_who_the_first_is(tmp_path: Path) -> None:
    with _driver(tmp_path / "lock") as driver:
        with pytest.raises(RunDirectoryError, match=rf"in use by another driver \(process {driver.pid} on "):
            locked(tmp_path / "lock").__enter__()
        driver.communicate()


@pytest.mark.fault("the owner of a run directory was killed", "its lock is taken over")
def test_lock_of_a_killed_driver_is_taken_over(tmp_path: Path) -> None:
    with _driver(tmp_path / "lock") as driver:
        driver.kill()
        driver.wait()
    assert str(driver.pid) in (tmp_path / "lock").read_text()

    with locked(tmp_path / "lock") as owner:
        assert owner.pid == os.getpid()


def test_two_drivers_in_one_process_exclude_each_other(tmp_path: Path) -> None:
    with locked(tmp_path / "lock"), pytest.raises(RunDirectoryError, match=f"process {os.getpid()} on"):
        locked(tmp_path / "lock").__enter__()


def test_lock_is_free_and_nameless_after_use(tmp_path: Path) -> None:
    with locked(tmp_path / "lock"):
        assert str(os.getpid()) in (tmp_path / "lock").read_text()

    assert (tmp_path / "lock").read_text() == ""
    with locked(tmp_path / "lock"):
        pass


def test_lock_where_nothing_can_be_written_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(RunDirectoryError, match="can't be written"):
        locked(tmp_path / "missing" / "lock").__enter__()
