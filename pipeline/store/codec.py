"""Records to JSON text and back, with an error that names the file when it isn't what it should be."""

from pathlib import Path
from typing import Any

import msgspec

from pipeline.errors import RunDirectoryError
from pipeline.records import EVIDENCE_VERSION


class NotWhole(RunDirectoryError):  # noqa: N818 - what is the matter with the file
    """It was cut short, or overwritten: not the record of another version of this program."""


def encode(record: object) -> bytes:
    """The record as JSON, indented for people, ending in a newline.  Equal records give equal bytes."""
    return msgspec.json.format(msgspec.json.encode(record, order="deterministic"), indent=1) + b"\n"


def decode(path: Path, kind: Any, remedy: str) -> Any:
    """The record of type `kind` (a record, or a union of them) in the file.

    RunDirectoryError, with `remedy`, if it can't be read as one.
    """
    try:
        content = path.read_bytes()
        return msgspec.json.decode(content, type=kind)
    except OSError as error:
        raise RunDirectoryError(str(path), f"can't be read ({error.strerror or error})", remedy) from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        version = _schema_version(content)
        if version in (None, EVIDENCE_VERSION):
            raise NotWhole(str(path), f"is not a whole record ({error})", remedy) from error
        what = f"was written with evidence version {version}, and this program reads version {EVIDENCE_VERSION}"
        raise RunDirectoryError(str(path), what, remedy) from error


def _schema_version(content: bytes) -> Any:
    try:
        return msgspec.json.decode(content)["schema_version"]
    except (msgspec.DecodeError, UnicodeDecodeError, KeyError, TypeError):
        return None
