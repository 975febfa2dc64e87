"""Run directories in an object store: the same records, one driver at a time, nothing lost with a driver."""

import os
import re
import signal
import subprocess
import sys
import textwrap
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from object_store import BUCKET, Store, object_store

from pipeline.errors import RunDirectoryError
from pipeline.records import Failure, TrainEvidence
from pipeline.store import lease, objects
from pipeline.store.lease import leased
from pipeline.store.objects import Objects
from pipeline.store.place import Uri, located, mirror_folder, opened, opened_to_write
from pipeline.store.run_directory import RunDirectory

CONFIG = "name: demo\nseeds: [0, 1]\n"
MakeEvidence = Callable[[int], TrainEvidence]
SECRET = "wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY"


@pytest.fixture(scope="module")
def server() -> Iterator[Store]:
    with object_store() as store:
        yield store


@pytest.fixture
def store(server: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """With a cache folder of this test's own."""
    for name, value in {**server.environment, "XDG_CACHE_HOME": str(tmp_path / "cache")}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(lease, "LOOK_SECONDS", 0.1)
    return server


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Drivers are thought dead after a second, and give no sign for an hour."""
    monkeypatch.setattr(lease, "LEASE_SECONDS", 1.0)
    monkeypatch.setattr(lease, "SIGN_SECONDS", 3600.0)


@pytest.fixture
def uri(store: Store, request: pytest.FixtureRequest) -> Uri:
    """Where nothing is yet."""
    del store
    return Uri(f"s3://{BUCKET}/{request.node.name}/demo")


@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[], None]:
    """From here on this process has the cache folder of another machine."""
    return lambda: monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "elsewhere"))


def keys(store: Store, uri: Uri) -> set[str]:
    """The names of the run's objects, without the lock."""
    prefix = uri.removeprefix(f"s3://{BUCKET}/") + "/"
    found = store.client().list_objects_v2(Bucket=BUCKET, Prefix=prefix).get("Contents", [])
    names = {item["Key"].removeprefix(prefix) for item in found}
    return {name for name in names if not name.startswith("driver.lock/")}


def test_what_is_written_is_in_the_store_at_once_and_reads_back(store: Store, uri: Uri, evidence: MakeEvidence) -> None:
    with opened_to_write(uri) as files:
        directory = RunDirectory.open(files, CONFIG)
        with directory.lock():
            directory.write(evidence(1))
            assert keys(store, uri) == {"config.yaml", "evidence/trial1.json"}

    with opened(uri) as files:
        assert RunDirectory.existing(files).finished() == {"trial1": evidence(1)}


def test_evidence_removes_the_failure_and_the_snapshot_in_the_store_too(
    store: Store, uri: Uri, evidence: MakeEvidence, failure: Callable[[int], Failure]
) -> None:
    with opened_to_write(uri) as files:
        directory = RunDirectory.open(files, CONFIG)
        directory.write(failure(1))
        directory.snapshots.save("trial1", b"PK")
        assert keys(store, uri) == {"config.yaml", "failures/trial1.json", "snapshots/trial1.npz"}

        directory.write(evidence(1))

    assert keys(store, uri) == {"config.yaml", "evidence/trial1.json"}


def test_another_config_is_refused_by_its_uri(uri: Uri) -> None:
    with opened_to_write(uri) as files:
        RunDirectory.open(files, CONFIG)

    with (
        pytest.raises(RunDirectoryError, match=rf"^{uri}: holds a run of another config \(differs in: seeds\)"),
        opened_to_write(uri) as files,
    ):
        RunDirectory.open(files, "name: demo\nseeds: [0]\n")


def test_damaged_record_is_set_aside_in_the_store(store: Store, uri: Uri, evidence: MakeEvidence) -> None:
    with opened_to_write(uri) as files:
        RunDirectory.open(files, CONFIG).write(evidence(1))
    key = f"{uri.removeprefix(f's3://{BUCKET}/')}/evidence/trial1.json"
    store.client().put_object(Bucket=BUCKET, Key=key, Body=b"{")

    said = f"{re.escape(uri)}/evidence/trial1.json: is not a whole record"
    with pytest.raises(RunDirectoryError, match=said), opened(uri) as files:
        RunDirectory.existing(files).finished()
    with opened_to_write(uri) as files:
        directory = RunDirectory.existing(files)
        with directory.lock():
            assert directory.finished() == {}

    assert keys(store, uri) == {"config.yaml", "set-aside.json", "set-aside/evidence-trial1.json"}


def test_views_are_in_the_store_when_the_driver_is_done_and_go_with_their_folder(store: Store, uri: Uri) -> None:
    with opened_to_write(uri) as files:
        logs = files.root / "tensorboard"
        for number in range(8):
            files.write(logs / f"run {number}" / "events", b"e", durable=False)
    assert len(keys(store, uri)) == 8

    with opened_to_write(uri) as files:
        files.clear(files.root / "tensorboard")
        assert keys(store, uri) == set()


def test_what_is_large_is_brought_when_it_is_read(uri: Uri) -> None:
    with opened_to_write(uri) as files:
        files.write(files.root / "kept" / "t" / "x.pb", b"large")
        files.write(files.root / "plan.json", b"small")

    with opened(uri) as files:
        assert [path.name for path in files.root.iterdir()] == ["plan.json"]
        files.bring(files.root / "kept" / "t")
        assert (files.root / "kept" / "t" / "x.pb").read_bytes() == b"large"


def test_a_name_that_leads_out_of_the_folder_is_not_brought(store: Store, uri: Uri, tmp_path: Path) -> None:
    for name in ("../../escaped", "folder/", "plan.json"):
        key = f"{uri.removeprefix(f's3://{BUCKET}/')}/{name}"
        store.client().put_object(Bucket=BUCKET, Key=key, Body=b"")

    with opened_to_write(uri) as files:
        assert [path.name for path in files.root.iterdir()] == ["plan.json"]
    assert not list(tmp_path.rglob("escaped"))


def driver(uri: Uri, cache: Path) -> subprocess.Popen[str]:
    """Another process that works there, and gives a sign five times a second, until its input closes."""
    code = """
        import sys
        from pipeline.store import lease
        from pipeline.store.place import located, opened_to_write
        from pipeline.store.run_directory import RunDirectory
        lease.SIGN_SECONDS = 0.2
        with opened_to_write(located(sys.argv[1])) as files:
            directory = RunDirectory.open(files, sys.argv[2])
            files.write(files.root / "plan.json", b"half the work")
            print("held", flush=True)
            sys.stdin.read()
    """
    process = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(code), uri, CONFIG],
        env={**os.environ, "XDG_CACHE_HOME": str(cache)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def work(uri: Uri) -> None:
    with opened_to_write(uri) as files:
        RunDirectory.open(files, CONFIG)


@pytest.mark.fault("two drivers with one run directory in an object store", "the second is told who the first is")
@pytest.mark.parametrize("folder", ["cache", "elsewhere"])
def test_driver_at_work_in_the_store_keeps_others_out(uri: Uri, tmp_path: Path, folder: str) -> None:
    with driver(uri, tmp_path / folder) as other:
        said = rf"^{re.escape(uri)}: is in use by another driver \(process {other.pid} on "
        with pytest.raises(RunDirectoryError, match=said):
            work(uri)
        other.communicate()
    work(uri)


@pytest.mark.fault("the driver of a run in an object store was killed (-9)", "resumed there, also by another machine")
@pytest.mark.parametrize("folder", ["cache", "elsewhere"])
@pytest.mark.usefixtures("impatient")
def test_work_of_a_killed_driver_is_gone_on_with(uri: Uri, tmp_path: Path, folder: str) -> None:
    with driver(uri, tmp_path / folder) as other:
        other.send_signal(signal.SIGKILL)
        other.communicate()

    with opened_to_write(uri) as files:
        RunDirectory.open(files, CONFIG)
        assert (files.root / "plan.json").read_bytes() == b"half the work"


@pytest.mark.fault("a driver that was silent lost its lock in the object store", "it writes nothing any more")
@pytest.mark.usefixtures("impatient")
def test_driver_that_lost_its_lock_writes_nothing(store: Store, uri: Uri, elsewhere: Callable[[], None]) -> None:
    with opened_to_write(uri) as files:
        elsewhere()
        with opened_to_write(uri), pytest.raises(RunDirectoryError, match="in use by another driver"):
            files.write(files.root / "plan.json", b"of a driver that was thought dead")  # silent for a second

    assert keys(store, uri) == set()


def test_of_drivers_that_begin_at_once_one_at_most_gets_the_lock(uri: Uri, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lease, "SIGN_SECONDS", 0.2)
    begin, end = threading.Barrier(4, timeout=60), threading.Barrier(4, timeout=60)

    def one(number: int) -> bool:
        mine = Objects(uri)
        begin.wait()
        try:
            with leased(mine, f"mirror {number}", print):
                end.wait()
                return True
        except RunDirectoryError:
            end.wait()
            return False

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(one, range(4))) == 1


@pytest.mark.fault("the connection to the object store was lost for a second", "tried again; nothing is lost")
def test_lost_connection_is_tried_again(store: Store, uri: Uri) -> None:
    with opened_to_write(uri) as files:
        store.stop()
        back = threading.Timer(1.0, store.start)
        back.start()
        files.write(files.root / "plan.json", b"{}")
        back.join()

    assert keys(store, uri) == {"plan.json"}


@pytest.mark.fault("the object store does not answer any more", "one error; the same command resumes")
def test_store_that_stays_away_is_one_error(store: Store, uri: Uri, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(objects, "TRIED_SECONDS", 0.6)
    store.stop()
    try:
        with pytest.raises(RunDirectoryError, match=r"^s3://.*: can't be listed .*; run again once the store can be"):
            work(uri)
    finally:
        store.start()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("s3://no-such-bucket/run", r"can't be listed \(FileNotFoundError: .*; make the bucket, or name another"),
        ("s3://", "does not name a place in a bucket"),
        ("s3://runs/../x", "does not name a place in a bucket"),
        ("ftp://somewhere/run", "no such kind of storage; give a folder, s3://"),
        (f"s3://key:{SECRET}@runs/x", "has a secret in it; leave it to the environment"),
    ],
)
def test_place_that_is_none_is_one_error(store: Store, text: str, said: str) -> None:
    del store
    for way in (opened, opened_to_write):
        with pytest.raises(RunDirectoryError, match=said) as found:
            way(located(text)).__enter__()
        assert SECRET not in str(found.value)


def test_lack_of_rights_is_one_error_without_the_keys(store: Store, uri: Uri) -> None:
    with store.asking_for_rights(), pytest.raises(RunDirectoryError) as found:
        work(uri)

    assert re.fullmatch(rf"{re.escape(uri)}: can't be listed \(PermissionError: .*\); give this .*", str(found.value))
    assert not [value for name, value in store.environment.items() if "KEY" in name and value in str(found.value)]


def test_lack_of_keys_is_one_error(uri: Uri, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("HOME", str(tmp_path))

    with pytest.raises(RunDirectoryError, match=r"can't be listed \(NoCredentialsError: .*; give this process credent"):
        work(uri)


def test_cache_that_can_not_be_written_is_named(uri: Uri, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))

    with pytest.raises(RunDirectoryError, match=rf"^{tmp_path}/file/.*; set XDG_CACHE_HOME to a folder where"):
        work(uri)


def test_file_uri_is_a_folder() -> None:
    assert located("file:///runs/a%20b") == Path("/runs/a b")
    assert located("runs/demo") == Path("runs/demo")


def test_each_uri_has_a_copy_of_its_own(store: Store) -> None:
    del store
    folders = {mirror_folder(Uri(text)) for text in ("s3://a/run", "s3://b/run", "gs://a/run")}
    assert len(folders) == 3


def test_package_that_is_missing_is_named(uri: Uri) -> None:
    code = """
        import sys
        from pipeline import cli
        sys.modules["s3fs"] = None
        sys.exit(cli.main(["status", sys.argv[1]]))
    """
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(code), uri], capture_output=True, text=True)

    assert done.returncode == 3
    assert re.fullmatch(
        rf"parity: {re.escape(uri)}: what reads s3:// .*; pip install 'layerparity\[s3\]'\n", done.stderr
    )


def test_folder_needs_no_file_system_package(tmp_path: Path) -> None:
    code = """
        import sys
        from pipeline.store.place import located, opened_to_write
        from pipeline.store.run_directory import RunDirectory
        with opened_to_write(located(sys.argv[1])) as files:
            RunDirectory.open(files, "name: x")
        sys.exit("fsspec" in sys.modules)
    """
    subprocess.run([sys.executable, "-c", textwrap.dedent(code), str(tmp_path / "run")], check=True)
