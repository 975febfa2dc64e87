"""Click logs in the shape of Criteo's, with a planted signal.  R rows; 13 counts, 26 categories.

Everything of a row follows from the seed and the row's number, so that any part can be made alone (on another kind of
machine, up to the last bit of an exponential).  A click is drawn with probability sigmoid(bias + signal · s): s adds a
hidden weight of each category's value and of each count's logarithm, and has about mean 0 and deviation 1.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
from scipy.special import expit, logit, ndtri

from pipeline.data.encode import is_missing
from pipeline.data.mixing import Words, hashed, mixed, uniform
from pipeline.data.readers.criteo import CATEGORIES, NUMBERS
from pipeline.data.table import Array, Table
from pipeline.errors import DataError

Floats = npt.NDArray[np.float64]
HEX = np.frombuffer(b"0123456789abcdef", np.uint8)
CHUNK_ROWS = 65_536
# Different values a column of the Kaggle training set, as DLRM's reference implementation counts them.
CRITEO_SIZES = (
    *(1460, 583, 10_131_227, 2_202_608, 305, 24, 12_517, 633, 3, 93_145, 5683, 8_351_593, 3194),
    *(27, 14_992, 5_461_306, 10, 5652, 2173, 4, 7_046_547, 18, 15, 286_181, 105, 142_572),
)


@dataclass(frozen=True, kw_only=True)
class Clicks:
    """What to generate.  Value k of a column, from 0, has probability ∝ ∫ x^−exponent dx from k + 1 to k + 2.

    Raises DataError for what can't be generated.
    """

    seed: int = 0
    sizes: tuple[int, ...] = CRITEO_SIZES  # of the 26 vocabularies, 1 to 2**32
    exponent: float = 1.1  # of Zipf's law
    signal: float = 1.0  # 0: clicks have nothing to do with the columns
    click_rate: float = 0.25  # about; exact where the signal is 0
    missing: float = 0.1  # share of the values, in every column

    def __post_init__(self) -> None:
        if len(self.sizes) != len(CATEGORIES) or not all(1 <= size <= 2**32 for size in self.sizes):
            raise DataError("Clicks", f"sizes={self.sizes}", "give 26 sizes between 1 and 2**32")
        if not (0 < self.click_rate < 1 and 0 <= self.missing < 1):
            what = f"click_rate={self.click_rate}, missing={self.missing}"
            raise DataError("Clicks", what, "a rate lies between 0 and 1, a share from 0 below 1")


@dataclass(frozen=True)
class Drawn:
    """Rows as they are drawn: counts (R, 13), NaN where missing; ranks (R, 26) from 0, −1 where missing; clicks (R,)
    and the true probability of each.
    """

    counts: Floats
    ranks: npt.NDArray[np.int64]
    clicked: npt.NDArray[np.bool_]
    probability: Floats


def draw_rows(spec: Clicks, rows_R: npt.NDArray[np.int64]) -> Drawn:
    """The rows of those numbers."""
    row_R = hashed(rows_R, spec.seed)
    counts = np.empty((len(rows_R), len(NUMBERS)))
    ranks = np.empty((len(rows_R), len(CATEGORIES)), np.int64)
    score_R = np.zeros(len(rows_R))
    for place in range(len(NUMBERS)):
        normal_R, present_R = ndtri(_draw(row_R, 2 * place)), _draw(row_R, 2 * place + 1) >= spec.missing
        counts[:, place] = np.where(present_R, np.floor(np.exp(1.0 + 1.5 * normal_R)), np.nan)
        score_R += _weight(spec, place, np.zeros(1, np.int64)) * normal_R * present_R
    for column, size in enumerate(spec.sizes):
        place = len(NUMBERS) + column
        rank_R = _zipf(_draw(row_R, 2 * place), size, spec.exponent)
        present_R = _draw(row_R, 2 * place + 1) >= spec.missing
        ranks[:, column] = np.where(present_R, rank_R, -1)
        score_R += _weight(spec, place, rank_R) * present_R
    places = len(NUMBERS) + len(CATEGORIES)
    probability_R = expit(logit(spec.click_rate) + spec.signal * score_R / np.sqrt(places * (1 - spec.missing)))
    return Drawn(counts, ranks, _draw(row_R, 2 * places) < probability_R, probability_R)


def click_rows(spec: Clicks, rows_R: npt.NDArray[np.int64]) -> tuple[Table, Floats]:
    """The rows of those numbers as a Criteo file's reader gives them, and the true probability of each one's click."""
    drawn = draw_rows(spec, rows_R)
    columns: dict[str, Array] = {"label": drawn.clicked.astype(np.int64)}
    columns |= {name: drawn.counts[:, place] for place, name in enumerate(NUMBERS)}
    for place, (name, rank_R) in enumerate(zip(CATEGORIES, drawn.ranks.T, strict=True), start=len(NUMBERS)):
        columns[name] = np.where(rank_R >= 0, _hex(_scrambled(rank_R, place)), b"")
    return Table(columns), drawn.probability


def clicks(spec: Clicks, rows: int, *, start: int = 0, chunk_rows: int = CHUNK_ROWS) -> Iterator[Table]:
    """Rows start … start + rows − 1, in tables of at most `chunk_rows`."""
    for first in range(start, start + rows, chunk_rows):
        yield click_rows(spec, np.arange(first, min(first + chunk_rows, start + rows)))[0]


def write_clicks(spec: Clicks, path: Path, rows: int) -> None:
    """The first `rows` rows as a Criteo training file.  Raises DataError where it can't be written."""
    options = pyarrow.csv.WriteOptions(include_header=False, delimiter="\t", quoting_style="none")
    names = ("label", *NUMBERS, *CATEGORIES)
    schema = pa.schema([(name, pa.string() if name in CATEGORIES else pa.int64()) for name in names])
    try:
        with pyarrow.csv.CSVWriter(path, schema, write_options=options) as writer:
            for table in clicks(spec, rows):
                writer.write_batch(pa.record_batch([_written(table[name]) for name in names], schema=schema))
    except OSError as error:
        raise DataError(str(path), f"can't be written ({error.strerror or error})", "check the path") from None


def bayes_auc(probability_R: Floats) -> float:
    """The expected AUC of who knows the true probabilities, over clicks drawn from them: no model does better.

    P(the clicked one of two rows has the higher probability | one is clicked, the other isn't), ties one half.
    """
    _, place_R = np.unique(probability_R, return_inverse=True)
    clicked_D = np.bincount(place_R, probability_R)
    unclicked_D = np.bincount(place_R, 1 - probability_R)
    below_D = np.cumsum(unclicked_D) - unclicked_D
    # A row is not paired with itself.
    itself_D = np.bincount(place_R, probability_R * (1 - probability_R))
    won = np.sum(clicked_D * below_D) + np.sum(clicked_D * unclicked_D - itself_D) / 2
    return float(won / (clicked_D.sum() * unclicked_D.sum() - itself_D.sum()))


def _draw(row_R: Words, stream: int) -> Floats:
    """A number in (0, 1) of each row, another one for each stream."""
    return uniform(mixed(row_R ^ mixed(np.array([stream], np.uint64))))


def _weight(spec: Clicks, place: int, rank_R: npt.NDArray[np.int64]) -> Floats:
    """The hidden weight of a column's value: normal, mean 0, deviation 1."""
    weight_R: Floats = ndtri(uniform(mixed(hashed(rank_R, place) ^ hashed(np.array([place]), spec.seed))))
    return weight_R


def _zipf(uniform_R: Floats, size: int, exponent: float) -> npt.NDArray[np.int64]:
    """Ranks 0 … size − 1: the whole part of a bounded Pareto variable on 1 … size + 1, by its inverse distribution."""
    if exponent == 1.0:
        pareto_R = (size + 1.0) ** uniform_R
    else:
        pareto_R = (1 + uniform_R * ((size + 1.0) ** (1 - exponent) - 1)) ** (1 / (1 - exponent))
    return np.minimum(pareto_R.astype(np.int64), size) - 1


def _scrambled(rank_R: npt.NDArray[np.int64], place: int) -> npt.NDArray[np.uint32]:
    """Ranks as 32 bits without order, different ones different: MurmurHash3's finalizer, a bijection."""
    bits_R = rank_R.astype(np.uint32) ^ np.uint32(place * 0x9E3779B9 % 2**32)
    for shift, factor in ((16, 0x85EBCA6B), (13, 0xC2B2AE35)):
        bits_R = (bits_R ^ (bits_R >> np.uint32(shift))) * np.uint32(factor)
    return bits_R ^ (bits_R >> np.uint32(16))


def _hex(bits_R: npt.NDArray[np.uint32]) -> npt.NDArray[np.bytes_]:
    """Eight digits each."""
    nibbles = bits_R[:, np.newaxis] >> np.arange(28, -1, -4, dtype=np.uint32) & np.uint32(15)
    text_R: npt.NDArray[np.bytes_] = HEX[nibbles].view("S8")[:, 0]
    return text_R


def _written(column_R: Array) -> pa.Array:
    """As text and whole numbers, null where missing."""
    if column_R.dtype.kind == "S":
        content = pa.py_buffer(np.ascontiguousarray(column_R))
        missing_R = pa.array(is_missing(column_R))
        fixed = pa.FixedSizeBinaryArray.from_buffers(pa.binary(8), len(column_R), [None, content])
        return pc.if_else(missing_R, None, fixed.cast(pa.binary()).cast(pa.string()))
    return pa.array(np.nan_to_num(column_R).astype(np.int64), mask=is_missing(column_R))
