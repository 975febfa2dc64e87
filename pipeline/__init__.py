"""layerparity: are two implementations of a Keras layer the same layer?

`compare` certifies two builders, `InputSpec` declares an input, `Certificate` is what `compare` returns, `Run` opens
what `parity run` left behind.  They are imported when they are first asked for: TensorFlow is slow to start, and much
of this package does without it.
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pipeline.certify.comparison import compare
    from pipeline.records import Certificate, InputSpec
    from pipeline.runs import Run

_HOMES = {
    "compare": "pipeline.certify.comparison",
    "Certificate": "pipeline.records",
    "InputSpec": "pipeline.records",
    "Run": "pipeline.runs",
}

__all__ = ["Certificate", "InputSpec", "Run", "compare"]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(_HOMES[name]), name)
