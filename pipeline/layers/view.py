"""What a family sees of a data set."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

import numpy as np
import numpy.typing as npt

from pipeline.errors import ConfigError
from pipeline.records import KIND_PARTS, DataKind, Dataset, InputSpec, Part


@dataclass(frozen=True)
class View:
    """One kind of a data set's parts, in the order in which a block takes them; `beside` are the parts it leaves.

    `shape` is that of one example of the first part, `examples` its N training examples as they are kept.  `offsets`
    are to be added to columns that are seen as ids of one vocabulary; empty where they are seen as they are.
    """

    kind: DataKind
    parts: tuple[Part, ...]
    beside: tuple[Part, ...]
    shape: tuple[int, ...]
    specs: tuple[InputSpec, ...]
    examples: npt.NDArray[np.generic]
    vocabulary: int = 0
    vocabularies: tuple[int, ...] = ()
    offsets: tuple[int, ...] = ()


def view(dataset: Dataset, accepts: Sequence[DataKind]) -> View:
    """The first kind of `accepts` that the data set has, or can be seen as.  Raises ConfigError if there is none."""
    there = dataset.train.parts
    for kind in accepts:
        if set(KIND_PARTS[kind]) <= there.keys() and (kind != "ids" or "weights" not in there):
            return _view(dataset, kind, KIND_PARTS[kind])
        if kind == "ids" and "columns" in there:
            return _view(dataset, kind, ("columns",), offset_columns=True)
    wanted = " or ".join(accepts)
    raise ConfigError("data", f"{dataset.name} has {', '.join(there)}, not {wanted}", f"use data of {wanted}")


def _view(dataset: Dataset, kind: DataKind, parts: tuple[Part, ...], *, offset_columns: bool = False) -> View:
    there = dataset.train.parts
    fused = sum(dataset.vocabularies) if offset_columns else dataset.vocabulary
    return View(
        kind=kind,
        parts=parts,
        beside=tuple(part for part in there if part not in parts),
        shape=there[parts[0]].shape[1:],
        specs=tuple(_spec(dataset, part, fused) for part in parts),
        examples=there[parts[0]],
        vocabulary=fused,
        vocabularies=dataset.vocabularies,
        offsets=tuple(accumulate(dataset.vocabularies[:-1], initial=0)) if offset_columns else (),
    )


def _spec(dataset: Dataset, part: Part, vocabulary: int) -> InputSpec:
    """Shape and dtype as the data has them; the range is the vocabulary, or what the training data covers.

    Of several columns, the smallest vocabulary: ids that every column has.
    """
    values = dataset.train.parts[part]
    kinds = vocabulary or min(dataset.vocabularies, default=0)
    if kinds and part in ("ids", "columns"):
        return InputSpec(values.shape[1:], str(values.dtype), 0, kinds - 1)
    return InputSpec(values.shape[1:], str(values.dtype), float(values.min()), float(values.max()))
