"""What is in a file, as a number; read again only when the file has changed."""

import hashlib
import os
import re
from pathlib import Path

from pipeline.data.cache import cache_directory, sha256, written_into
from pipeline.errors import DataError


def content_digest(path: Path) -> str:
    """Hex sha256 of the bytes, kept in the cache under the file's path, size and time of change.

    Raises DataError: no such file, can't be read, cache not writable.
    """
    try:
        status = path.stat()
    except OSError as error:
        raise DataError(str(path), f"can't be read ({error.strerror})", "check the path") from None
    state = f"{path.resolve()} {status.st_size} {status.st_mtime_ns}"
    kept = cache_directory() / "digests" / hashlib.sha256(state.encode()).hexdigest()
    if kept.exists() and re.fullmatch("[0-9a-f]{64}", digest := kept.read_text(encoding="ascii", errors="replace")):
        return digest
    found = sha256(path)
    if found is None:
        raise DataError(str(path), "is no file", "check the path")
    with written_into(kept.parent) as folder:
        (folder / "digest").write_text(found, encoding="ascii")
        os.replace(folder / "digest", kept)
    return found
