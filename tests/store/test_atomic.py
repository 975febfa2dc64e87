import resource
from pathlib import Path

import pytest

from pipeline.errors import RunDirectoryError
from pipeline.store.atomic import write_atomic


def test_content_and_missing_folders_are_written(tmp_path: Path) -> None:
    write_atomic(tmp_path / "a" / "b.json", b"content")

    assert (tmp_path / "a" / "b.json").read_bytes() == b"content"


def test_content_replaces_what_was_there(tmp_path: Path) -> None:
    write_atomic(tmp_path / "f", b"a long first content")
    write_atomic(tmp_path / "f", b"second")

    assert (tmp_path / "f").read_bytes() == b"second"


def test_folder_that_is_a_file_is_an_error_with_where_what_and_remedy(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")

    with pytest.raises(RunDirectoryError, match=r"file/x.json: can't be written \(.+\); choose another --run-dir"):
        write_atomic(tmp_path / "file" / "x.json", b"{}")


@pytest.mark.fault("a file can't be written to its end (RLIMIT_FSIZE)", "the old file stays whole")
def test_full_disk_leaves_the_old_file_and_nothing_beside_it(tmp_path: Path) -> None:
    write_atomic(tmp_path / "f", b"old")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10, hard))
    try:
        with pytest.raises(RunDirectoryError, match="free some disk space"):
            write_atomic(tmp_path / "f", b"more than ten bytes of new content")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    assert [path.name for path in tmp_path.iterdir()] == ["f"]
    assert (tmp_path / "f").read_bytes() == b"old"


def test_folder_that_cannot_be_made_is_an_error() -> None:
    with pytest.raises(RunDirectoryError, match="can't be written"):
        write_atomic(Path("/proc/layerparity/x.json"), b"{}")


def test_file_can_be_read_by_others(tmp_path: Path) -> None:
    write_atomic(tmp_path / "f", b"")

    assert (tmp_path / "f").stat().st_mode & 0o777 == 0o644
