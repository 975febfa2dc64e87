"""Adult (census income), as UCI has it: `adult.data` and `adult.test`, values after comma and space.

Six columns float64, eight text, `?` missing; income int64: 1 above 50K, which the test file writes with a dot.
"""

from collections.abc import Iterator

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.data.readers.arrow import to_table
from pipeline.data.readers.delimited import read_batches
from pipeline.data.readers.layout import Kind, Layout
from pipeline.data.readers.place import Place
from pipeline.data.table import Table

KINDS: dict[str, Kind] = {
    "age": "number",
    "workclass": "text",
    "fnlwgt": "number",
    "education": "text",
    "education-num": "number",
    "marital-status": "text",
    "occupation": "text",
    "relationship": "text",
    "race": "text",
    "sex": "text",
    "capital-gain": "number",
    "capital-loss": "number",
    "hours-per-week": "number",
    "native-country": "text",
    "income": "truth",
}


def read(place: Place, *, chunk_rows: int) -> Iterator[Table]:
    """Either file; the test file's first line, `|1x3 Cross validator`, is no row."""
    with place.open() as file:
        skip = int(file.read(1) == b"|")
    layout = Layout(
        kinds=KINDS,
        quoted=False,
        skip=skip,
        missing=("", "?", " ?"),
        required=("income",),
        true=(">50K", " >50K", " >50K."),
        false=("<=50K", " <=50K", " <=50K."),
    )
    for batch in read_batches(place, layout, chunk_rows):
        yield to_table(pa.record_batch([_trimmed(column) for column in batch.columns], names=list(KINDS)), place)


def _trimmed(column: pa.Array) -> pa.Array:
    return pc.utf8_trim_whitespace(column) if pa.types.is_string(column.type) else column
