"""Arrow's columns as a table's.  R rows, W bytes of the longest text."""

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from pipeline.data.readers.place import Place
from pipeline.data.table import MISSING, Array, Column, Ragged, Table
from pipeline.errors import DataError

LONGEST_TEXT = 1024  # bytes; every text of a chunk takes the room of its longest


def to_table(batch: pa.RecordBatch, place: Place) -> Table:
    """The batch's columns, missing values as `table` says.  Raises DataError, naming the column that can't be one."""
    return Table({name: _named(batch.column(name), name, place) for name in batch.schema.names})


def _named(array: pa.Array, name: str, place: Place) -> Column:
    try:
        return to_column(array)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError, ValueError) as error:
        raise DataError(
            str(place),
            f"column {name}: {error}",
            "shorten or cast it, or leave it out (columns=[…], in csv and parquet)",
        ) from None


def to_column(array: pa.Array) -> Column:
    """Whole numbers and truths int64, floats as they are, text as bytes, times as seconds since 1970, lists ragged.

    Raises ValueError for another type, a whole number above 2**63 - 1 and a text of more than `LONGEST_TEXT` bytes.
    """
    kind = array.type
    if pa.types.is_dictionary(kind):
        return to_column(array.dictionary_decode())
    if pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_fixed_size_list(kind):
        return _ragged(array)
    if pa.types.is_floating(kind):
        floats: Array = array.to_numpy(zero_copy_only=False)  # null becomes NaN
        return floats
    if pa.types.is_fixed_size_binary(kind):
        return _fixed_text(array)
    if pa.types.is_temporal(kind):
        return _whole(array.cast(pa.timestamp("s"), safe=False).cast(pa.int64()))
    if pa.types.is_integer(kind) or pa.types.is_boolean(kind):
        return _whole(array.cast(pa.int64()))
    return _text(array.cast(pa.large_binary()))


def _whole(array: pa.Int64Array) -> Array:
    whole: Array = array.fill_null(MISSING).to_numpy()
    return whole


def _fixed_text(array: pa.FixedSizeBinaryArray) -> Array:
    text = np.frombuffer(array.buffers()[1], dtype=f"S{array.type.byte_width}")[array.offset :][: len(array)]
    return np.where(array.is_null().to_numpy(zero_copy_only=False), b"", text) if array.null_count else text


def _text(array: pa.LargeBinaryArray) -> Array:
    array = array.fill_null(b"")
    _, ends, content = array.buffers()
    ends_R1 = np.frombuffer(ends, dtype=np.int64)[array.offset :][: len(array) + 1]
    lengths_R: npt.NDArray[np.int64] = np.diff(ends_R1)
    width = max(1, int(lengths_R.max(initial=0)))
    if width > LONGEST_TEXT:
        raise ValueError(f"a text of {width} bytes; {LONGEST_TEXT} is the most")
    text_RW = np.zeros((len(array), width), dtype=np.uint8)
    if content is not None:
        text_RW[np.arange(width) < lengths_R[:, np.newaxis]] = np.frombuffer(content, np.uint8)[
            ends_R1[0] : ends_R1[-1]
        ]
    return text_RW.view(f"S{width}")[:, 0]


def _ragged(array: pa.Array) -> Ragged:
    lengths_R = array.value_lengths().fill_null(0).to_numpy()
    values = to_column(array.flatten())
    if isinstance(values, Ragged):
        raise ValueError("a list of lists")
    return Ragged(np.concatenate([[0], np.cumsum(lengths_R, dtype=np.int64)]), values)
