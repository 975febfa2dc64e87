"""Whether a row-touching optimizer gives the numbers of the stock one that it follows.

Both train the same arm from the same weights on the same batches; the stock one is given dense gradients, as Keras 3
does not sum the slices of a repeated id.  A note: it says something of the optimizer, nothing of the pair.
"""

import numpy as np

from pipeline.certify.update.compare import Apart, compare
from pipeline.certify.update.steps import Trained
from pipeline.records import Finding

RESTING = "; rows that a batch lacks rest under lazy_adam, and go on moving by their momentum under adam"


def against_counterpart(name: str, counterpart: str, followed: Trained, stock: Trained, limit: float) -> Finding:
    """`followed` trained with `name`, `stock` with its counterpart.  `limit` is relative to the largest update."""
    apart = compare(followed, stock)
    exact = _bitwise(followed, stock)
    details: dict[str, str | float | int | bool] = {
        "counterpart": counterpart,
        "bitwise": exact,
        "relative_to_update": float(apart.relative),
        "tolerance": limit,
    }
    sentence = _sentence(name, counterpart, apart, limit, exact=exact)
    return Finding("update", f"{name} as {counterpart}", "note", sentence, details=details)


def _sentence(name: str, counterpart: str, apart: Apart, limit: float, *, exact: bool) -> str:
    trains = f"{name} trains the baseline"
    if exact:
        return f"{trains} bit for bit as {counterpart} does with dense gradients"
    if apart.relative <= limit:
        return f"{trains} as {counterpart} does with dense gradients, to {apart.relative:.2g} of the largest update"
    sentence = (
        f"{trains} otherwise than {counterpart} with dense gradients: {apart.role} differs by {apart.difference:.2g} "
        f"where the largest update is {apart.largest_update:.2g}"
    )
    return sentence + (RESTING if name == "lazy_adam" else "")


def _bitwise(a: Trained, b: Trained) -> bool:
    return all(np.array_equal(a.after[role], b.after[role], equal_nan=True) for role in a.after)
