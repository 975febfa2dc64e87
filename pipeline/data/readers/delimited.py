"""Lines of values between delimiters, parsed in blocks: what CSV, TSV and their relatives have in common."""

from collections.abc import Collection, Iterator, Mapping
from typing import IO

import pyarrow as pa
import pyarrow.csv

from pipeline.data.readers.arrow import to_table
from pipeline.data.readers.layout import BLOCK, Kind, Layout
from pipeline.data.readers.lines import first_fault, single
from pipeline.data.readers.place import Place
from pipeline.data.table import Table

TYPES: Mapping[Kind, pa.DataType] = {
    "number": pa.float64(),
    "integer": pa.int64(),
    "truth": pa.bool_(),
    "text": pa.string(),
    "text8": pa.binary(8),
    "time": pa.timestamp("s"),
}


def read_delimited(
    place: Place, layout: Layout, chunk_rows: int, columns: Collection[str] | None = None
) -> Iterator[Table]:
    """Tables of at most so many rows, with all columns of the layout or those named.

    Raises DataError with file, line and column: wrong number of values, a value of another kind, a missing value that
    is required, text that isn't in the encoding, a quote that is never closed.
    """
    for batch in read_batches(place, layout, chunk_rows, columns):
        yield to_table(batch, place)


def read_batches(
    place: Place, layout: Layout, chunk_rows: int, columns: Collection[str] | None = None
) -> Iterator[pa.RecordBatch]:
    """The same, as Arrow has them."""
    done = 0
    with place.open() as file:
        try:
            for block in _blocks(file, layout, columns):
                if any(block.column(name).null_count for name in layout.required if name in block.schema.names):
                    raise pa.ArrowInvalid("a required value is missing")
                for start in range(0, block.num_rows, chunk_rows):
                    yield block.slice(start, chunk_rows)
                done += block.num_rows
        except (pa.ArrowInvalid, UnicodeError) as error:
            raise first_fault(place, layout, done, str(error)) from None


def _blocks(file: IO[bytes], layout: Layout, columns: Collection[str] | None) -> Iterator[pa.RecordBatch]:
    stream, delimiter = single(file, layout)
    names = list(layout.kinds)
    try:
        yield from pyarrow.csv.open_csv(
            stream,
            read_options=pyarrow.csv.ReadOptions(
                block_size=BLOCK, encoding=layout.encoding, column_names=names, skip_rows=layout.skip
            ),
            parse_options=pyarrow.csv.ParseOptions(
                delimiter=delimiter, quote_char='"' if layout.quoted else False, newlines_in_values=layout.quoted
            ),
            convert_options=pyarrow.csv.ConvertOptions(
                column_types={name: TYPES[kind] for name, kind in layout.kinds.items()},
                null_values=list(layout.missing),
                strings_can_be_null=True,
                include_columns=[name for name in names if columns is None or name in columns],
                true_values=list(layout.true),
                false_values=list(layout.false),
                timestamp_parsers=[layout.time_format],
            ),
        )
    except pa.ArrowInvalid as error:
        if str(error) != "Empty CSV file":
            raise
