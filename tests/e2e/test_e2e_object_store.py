"""`parity run --run-dir s3://…` against a real S3 server on loopback: run, read, killed and resumed elsewhere."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from object_store import BUCKET, Store, object_store
from places import ROOT, SMOKE

pytestmark = [pytest.mark.long, pytest.mark.timeout(900)]

RUN = f"s3://{BUCKET}/teams/smoke"
Meanwhile = Callable[["subprocess.Popen[str]", Store], None]
Parity = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def store() -> Iterator[Store]:
    with object_store() as made:
        yield made


@pytest.fixture(scope="module")
def command(store: Store, tmp_path_factory: pytest.TempPathFactory) -> Parity:
    """`parity` on one of several machines: each has a cache of its own for run directories, none another's."""
    caches, data = tmp_path_factory.mktemp("machines"), Path.home() / ".cache" / "layerparity"

    def run(
        *arguments: str, machine: str = "first", meanwhile: Meanwhile | None = None
    ) -> "subprocess.CompletedProcess[str]":
        environment = {"PARITY_DATA": str(data), **os.environ, **store.environment}
        environment["XDG_CACHE_HOME"] = str(caches / machine)
        process = subprocess.Popen(
            [sys.executable, "-m", "pipeline", *arguments],
            cwd=ROOT,
            env=environment,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
        with _ended(process):
            if meanwhile:
                meanwhile(process, store)
            out, err = process.communicate(timeout=800)
        assert store.environment["AWS_SECRET_ACCESS_KEY"] not in out + err
        return subprocess.CompletedProcess(arguments, process.returncode, out, err)

    return run


@contextmanager
def _ended(process: "subprocess.Popen[str]") -> Iterator[None]:
    try:
        yield
    except BaseException:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        raise


def _end_when_it_serves(process: "subprocess.Popen[str]", store: Store) -> None:
    del store
    assert process.stdout is not None
    assert process.stdout.readline().startswith("TensorBoard: http://127.0.0.1:")
    process.send_signal(signal.SIGTERM)


def _kill_after_first_evidence(process: "subprocess.Popen[str]", store: Store) -> None:
    deadline = time.monotonic() + 200
    while not _keys(store, "/evidence/"):
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < deadline
        time.sleep(0.05)
    os.killpg(process.pid, signal.SIGKILL)


def _keys(store: Store, part: str) -> dict[str, float]:
    """Which objects have it in their names, and when they were written."""
    found = store.client().list_objects_v2(Bucket=BUCKET, Prefix="teams/smoke/").get("Contents", [])
    return {item["Key"]: item["LastModified"].timestamp() for item in found if part in item["Key"]}


def test_run_in_a_bucket_is_resumed_on_another_machine(command: Parity, store: Store) -> None:
    killed = command("run", str(SMOKE), "--run-dir", RUN, meanwhile=_kill_after_first_evidence)
    assert killed.returncode == -signal.SIGKILL
    before = _keys(store, "/evidence/")
    assert before

    resumed = command("run", str(SMOKE), "--run-dir", RUN, machine="second")

    assert resumed.returncode == 0, resumed.stderr
    assert f"{RUN}: locked by process " in resumed.stderr
    assert f"{RUN}/report/index.html" in resumed.stdout
    after = _keys(store, "/evidence/")
    assert len(after) == 5
    assert after.items() >= before.items()
    assert _keys(store, "/tensorboard/")
    assert len(_keys(store, "/driver.lock/")) == 1


def test_run_in_a_bucket_is_read_by_every_command(command: Parity, store: Store) -> None:
    told = command("status", RUN, "--json", machine="third")
    assert {key: json.loads(told.stdout)[key] for key in ("run_dir", "state", "finished", "waiting")} == {
        "run_dir": RUN,
        "state": "not working",
        "finished": 5,
        "waiting": 0,
    }
    report = f"{RUN.removeprefix(f's3://{BUCKET}/')}/report/index.html"
    store.client().delete_object(Bucket=BUCKET, Key=report)

    assert command("report", RUN, machine="third").returncode == 0
    assert command("diff", RUN, RUN, machine="third").returncode == 0
    assert report in _keys(store, "/report/")


def test_logs_of_a_run_in_a_bucket_are_made_again_there_and_served(command: Parity, store: Store) -> None:
    names = set(_keys(store, "/tensorboard/"))
    gone = min(names)
    store.client().delete_object(Bucket=BUCKET, Key=gone)

    ended = command("board", RUN, "--rebuild", "--port", "6216", machine="third", meanwhile=_end_when_it_serves)

    assert ended.returncode == 130
    assert gone in _keys(store, "/tensorboard/")


@pytest.mark.parametrize("arguments", [("run", str(SMOKE), "--run-dir"), ("status",), ("report",), ("board",)])
def test_bucket_that_is_not_there_is_one_line(command: Parity, arguments: tuple[str, ...]) -> None:
    done = command(*arguments, "s3://no-such-bucket/run")

    assert done.returncode == 3
    assert done.stderr.count("\n") == 1
    assert done.stderr.startswith("parity: s3://no-such-bucket/run: can't be listed")
