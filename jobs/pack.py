"""Prints a run directory as text, so that it can be fetched through a job's log: python -m jobs.pack RUN_DIR.

What can be made again stays behind (TensorBoard's logs), and so do weights and snapshots.
"""

import base64
import hashlib
import io
import sys
import tarfile
from collections.abc import Sequence
from pathlib import Path

from pipeline import show
from pipeline.errors import ParityError
from pipeline.parser import USAGE_ERROR
from pipeline.store.place import located, opened
from pipeline.store.run_directory import RunDirectory

BEGIN, END = "-----BEGIN RUN DIRECTORY-----", "-----END RUN DIRECTORY-----"
LEFT_BEHIND = frozenset({"tensorboard", "weights", "snapshots", "driver.lock"})
BROUGHT = ("report", "kept", "set-aside")  # of what an object store keeps until it is asked for
LINE = 76


def main(argv: Sequence[str] | None = None) -> int:
    """0 when it is printed, 3 if there is no run directory."""
    (run_dir,) = sys.argv[1:] if argv is None else argv
    try:
        with opened(located(run_dir)) as files:
            RunDirectory.existing(files)
            for folder in BROUGHT:
                files.bring(files.root / folder)
            print(armored(packed(files.root)))
    except ParityError as error:
        show.error(str(error))
        return USAGE_ERROR
    return 0


def packed(folder: Path) -> bytes:
    """The folder as a gzipped tar file, its files relative to it."""
    into = io.BytesIO()
    with tarfile.open(fileobj=into, mode="w:gz") as archive:
        for path in sorted(folder.iterdir()):
            if path.name not in LEFT_BEHIND and not path.name.startswith("."):
                archive.add(path, arcname=path.name)
    return into.getvalue()


def armored(content: bytes) -> str:
    """The bytes as lines of base64 between two marks, the first followed by their digest."""
    text = base64.b64encode(content).decode()
    lines = [text[at : at + LINE] for at in range(0, len(text), LINE)]
    return "\n".join([BEGIN, hashlib.sha256(content).hexdigest(), *lines, END])


def unarmored(log: str) -> bytes:
    """The bytes again, wherever in the log they stand.  ValueError if they are not there whole."""
    _, found, rest = log.partition(BEGIN + "\n")
    body, ended, _ = rest.partition("\n" + END)
    if not found or not ended:
        raise ValueError("the log has no run directory in it")
    digest, *lines = body.splitlines()
    content = base64.b64decode("".join(lines))
    if hashlib.sha256(content).hexdigest() != digest:
        raise ValueError("the run directory was damaged on its way")
    return content


if __name__ == "__main__":
    sys.exit(main())
