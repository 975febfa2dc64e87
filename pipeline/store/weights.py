"""Final weights as bytes: an npz with one array per arm and role, `class/table`.  Equal weights give equal bytes."""

import hashlib
from collections.abc import Mapping
from io import BytesIO
from typing import Any

import numpy as np
import numpy.typing as npt

from pipeline.errors import RunDirectoryError
from pipeline.records import Style, TrainEvidence

Weights = Mapping[str, npt.NDArray[Any]]  # by role


def digest(weights: Weights) -> str:
    """The hex sha256 of roles and values, in their order."""
    made = hashlib.sha256()
    for role, value in weights.items():
        made.update(role.encode() + b"\0" + np.ascontiguousarray(value).tobytes())
    return made.hexdigest()


def pack(arms: Mapping[Style, Weights]) -> bytes:
    """The weights of both arms, or other arrays of theirs; `arrays` reads them back."""
    buffer = BytesIO()
    named: dict[str, Any] = {
        f"{style}/{role}": value for style, of_arm in arms.items() for role, value in of_arm.items()
    }
    np.savez(buffer, allow_pickle=False, **named)
    return buffer.getvalue()


def unpack(evidence: TrainEvidence) -> dict[Style, Weights]:
    """By style, the weights that the evidence carries; nothing where it carries none.

    Raises RunDirectoryError where they are not those that the evidence was made from.
    """
    if not evidence.weights:
        return {}
    found = arrays(evidence.weights)
    if any(digest(found.get(arm.style, {})) != arm.weights_digest for arm in evidence.arms):
        what = "are not the weights that the evidence was made from"
        raise RunDirectoryError(
            f"weights of {evidence.trial.label}", what, "delete weights/ and run in a fresh directory"
        )
    return found


def arrays(content: bytes) -> dict[Style, Weights]:
    """What `pack` was given.  Raises RunDirectoryError for bytes that it did not make."""
    found: dict[Style, dict[str, npt.NDArray[Any]]] = {}
    try:
        with np.load(BytesIO(content), allow_pickle=False) as packed:
            for name in packed.files:
                style, _, role = name.partition("/")
                found.setdefault(style, {})[role] = packed[name]
    except Exception as error:  # whatever zip and numpy raise at a damaged file
        what = f"can't be read ({type(error).__name__}: {error})"
        raise RunDirectoryError("kept arrays", what, "delete weights/ and run in a fresh directory") from None
    return dict(found)
