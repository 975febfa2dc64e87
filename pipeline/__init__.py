"""layerparity: are two implementations of a Keras layer the same layer?

`compare` certifies two builders, `InputSpec` declares an input.  Both are imported when they are first asked for:
TensorFlow is slow to start, and much of this package does without it.
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pipeline.certify.comparison import compare
    from pipeline.records import InputSpec

_HOMES = {"compare": "pipeline.certify.comparison", "InputSpec": "pipeline.records"}

__all__ = ["InputSpec", "compare"]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(_HOMES[name]), name)
