"""Parquet, row group by row group; lists become ragged columns."""

from collections.abc import Iterator, Sequence

import pyarrow as pa
import pyarrow.parquet

from pipeline.data.readers.arrow import to_table
from pipeline.data.readers.place import Place
from pipeline.data.table import Table
from pipeline.errors import DataError


def read(place: Place, *, chunk_rows: int, columns: Sequence[str] | None = None) -> Iterator[Table]:
    """`columns` are the ones to read.  Memory is bounded by the file's largest row group, as its writer chose it.

    Raises DataError: not parquet or damaged, a column that isn't there or whose type a table can't hold.
    """
    with place.open() as file:
        try:
            # Not pre-buffered: that would hold a whole row group's bytes beside its values.
            parquet = pyarrow.parquet.ParquetFile(file, pre_buffer=False, buffer_size=1 << 20)
            unknown = sorted({*(columns or ())} - {*parquet.schema_arrow.names})
            if unknown:
                names = ", ".join(parquet.schema_arrow.names)
                raise DataError(str(place), f"has no column {unknown[0]!r}", f"use some of {names}")
            for batch in parquet.iter_batches(chunk_rows, columns=None if columns is None else [*columns]):
                yield to_table(batch, place)
        except (pa.ArrowException, OSError) as error:
            raise DataError(str(place), f"is not parquet or is damaged ({error})", "fetch it again") from None
