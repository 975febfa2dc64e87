"""How a user's columns become what a model takes, learnt from the training rows in one pass."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pipeline.data.encode import Encoder, Hashed, as_float, log_count
from pipeline.data.files.pieces import Piece, pieces
from pipeline.data.files.targets import Classes, ClassNumbers, RowError, rating, yes_or_no
from pipeline.data.learn import Counts, Learner, Moments, learn
from pipeline.data.quantiles import Quantiles
from pipeline.data.table import Ragged
from pipeline.data.vocabulary import Vocabulary
from pipeline.errors import DataError
from pipeline.records import FileSource

FIXED: Mapping[str, Encoder] = {"log": log_count, "as_is": as_float}  # by scale
SCALES = {"standard": Moments, "quantile": Quantiles}
TARGETS: Mapping[str, Encoder] = {"binary": yes_or_no, "rating": rating}  # by task


@dataclass(frozen=True)
class Recipe:
    """An encoder of each column that is used, by the column's name."""

    encoders: Mapping[str, Encoder]

    def encode(self, piece: Piece, name: str) -> Any:
        """The column, encoded; a ragged one stays so.  Raises DataError with file, row (from 1) and column."""
        column, encoder = piece.table[name], self.encoders[name]
        try:
            if isinstance(column, Ragged):
                return column.map(encoder)
            return encoder(column.reshape(-1)).reshape(column.shape)
        except RowError as error:
            where, what = f"{piece.path}: row {piece.first + error.row + 1}", f"column {name} {error.what}"
            raise DataError(where, what, "mend or delete the row, or choose another column or task") from None

    def size(self, name: str) -> int:
        """How many ids, or classes, the column has."""
        match self.encoders[name]:
            case Hashed(buckets=buckets):
                return buckets
            case Vocabulary() as vocabulary:
                return vocabulary.size
            case ClassNumbers(classes_K=classes_K):
                return len(classes_K)
        return 1


def learnt(source: FileSource) -> Recipe:
    """Reads the files once if there is anything to be learnt.

    Raises DataError as `pieces` does, and for too many classes.
    """
    learners = _learners(source)
    fixed = {source.target: TARGETS[source.task]} if source.task in TARGETS else {}
    if source.weights:
        fixed[source.weights] = as_float
    if source.labels:
        fixed[source.labels] = yes_or_no
    if source.scale in FIXED:
        fixed |= dict.fromkeys(source.numbers, FIXED[source.scale])
    if source.encoding == "hash":
        fixed |= {name: Hashed(source.buckets, seed=place) for place, name in enumerate(_categories(source))}
    training = (piece.table.rows(piece.training_R) for piece in pieces(source))
    try:
        return Recipe(fixed | (learn(training, learners) if learners else {}))
    except RowError as error:
        remedy = "choose another column, or task: rating"
        raise DataError(source.train, f"column {source.target} {error.what}", remedy) from None


def _learners(source: FileSource) -> dict[str, Learner[Encoder]]:
    learners: dict[str, Learner[Encoder]] = {}
    if source.scale in SCALES:
        learners |= {name: SCALES[source.scale]() for name in source.numbers}
    if source.encoding == "learn":
        learners |= {
            name: Counts(source.max_size, source.min_count, capacity=2 * source.max_size)
            for name in _categories(source)
        }
    if source.task == "classification":
        learners[source.target] = Classes()
    return learners


def _categories(source: FileSource) -> tuple[str, ...]:
    return (*source.columns, *([source.ids] if source.ids else []))
