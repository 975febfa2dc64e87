"""Encoded pieces as examples.  R rows of a piece, N examples, T ids a row or time steps, F numbers, C columns."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pipeline.data.files.pieces import Piece
from pipeline.data.files.recipe import Recipe
from pipeline.data.table import Array, Ragged
from pipeline.records import Examples, FileSource, Part

Flags = npt.NDArray[np.bool_]


def examples(found: Iterable[Piece], source: FileSource, recipe: Recipe) -> Iterator[tuple[Examples, Flags]]:
    """Examples, piece by piece, and which of them are to learn from."""
    if source.window:
        yield from _windows(found, source, recipe)
        return
    for piece in found:
        targets_N = recipe.encode(piece, source.target)
        yield Examples(_parts(piece, source, recipe), targets_N), piece.training_R


def _parts(piece: Piece, source: FileSource, recipe: Recipe) -> dict[Part, Array]:
    parts: dict[Part, Array] = {}
    if source.numbers:
        parts["vectors"] = _numbers(piece, source, recipe)
    if source.ids:
        parts["ids"] = _padded(recipe.encode(piece, source.ids), source.length)
    if source.weights:
        parts["weights"] = _padded(recipe.encode(piece, source.weights), source.length)
    if source.columns:
        parts["columns"] = np.stack([recipe.encode(piece, name) for name in source.columns], axis=1)
    return parts


def _numbers(piece: Piece, source: FileSource, recipe: Recipe) -> Array:
    """(R, F): side by side, pictures and other arrays flat."""
    encoded = [recipe.encode(piece, name) for name in source.numbers]
    return np.concatenate([values.reshape(len(values), -1) for values in encoded], axis=1)


def _padded(column: Array | Ragged, length: int) -> Array:
    """(R, T): the first so many values of each row, zeros behind where there are fewer."""
    if not isinstance(column, Ragged):
        flat = column.reshape(len(column), -1)[:, :length]
        return np.pad(flat, ((0, 0), (0, length - flat.shape[1])))
    padded_RT = np.zeros((len(column), length), column.values_V.dtype)
    place_V = np.arange(len(column.values_V)) - np.repeat(column.offsets_R1[:-1], column.lengths_R)
    kept_V = place_V < length
    row_V = np.repeat(np.arange(len(column)), column.lengths_R)
    padded_RT[row_V[kept_V], place_V[kept_V]] = column.values_V[kept_V]
    return padded_RT


@dataclass(frozen=True)
class _Series:
    """Time steps in order: numbers (R, F), anomalies (R,), and which to learn from (R,)."""

    numbers_RF: Array
    labels_R: Array
    training_R: Flags

    def last(self, steps: int) -> "_Series":
        cut = slice(max(0, len(self.labels_R) - steps), None)
        return _Series(self.numbers_RF[cut], self.labels_R[cut], self.training_R[cut])

    def then(self, other: "_Series") -> "_Series":
        pairs = (
            (self.numbers_RF, other.numbers_RF),
            (self.labels_R, other.labels_R),
            (self.training_R, other.training_R),
        )
        return _Series(*(np.concatenate(pair) for pair in pairs))


def _windows(found: Iterable[Piece], source: FileSource, recipe: Recipe) -> Iterator[tuple[Examples, Flags]]:
    """Windows of stride 1 within a file, each with the step that follows it, which says what it is for."""
    steps, series = source.window, None
    for piece in found:
        new = _Series(_numbers(piece, source, recipe), recipe.encode(piece, source.labels), piece.training_R)
        series = series.last(steps).then(new) if series and piece.first else new
        if len(series.labels_R) > steps:
            windows_NFT = np.lib.stride_tricks.sliding_window_view(series.numbers_RF[:-1], steps, axis=0)
            parts: dict[Part, Array] = {"windows": windows_NFT.transpose(0, 2, 1)}
            yield Examples(parts, series.numbers_RF[steps:], series.labels_R[steps:]), series.training_R[steps:]
