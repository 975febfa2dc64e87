"""Criteo's click logs: TSV without a header; label, I1–I13, C1–C26; the test file has no label.

label int64; I* float64 counts, NaN where missing; C* eight bytes of text, empty where missing.
"""

from collections.abc import Iterator

from pipeline.data.readers.delimited import read_delimited
from pipeline.data.readers.layout import Kind, Layout
from pipeline.data.readers.place import Place
from pipeline.data.table import Table

NUMBERS = tuple(f"I{i}" for i in range(1, 14))
CATEGORIES = tuple(f"C{i}" for i in range(1, 27))
FEATURES: dict[str, Kind] = {**dict.fromkeys(NUMBERS, "number"), **dict.fromkeys(CATEGORIES, "text8")}


def read(place: Place, *, chunk_rows: int) -> Iterator[Table]:
    """A file whose first line has one tab less is a test file."""
    with place.open() as file:
        unlabelled = file.readline(1 << 16).count(b"\t") == len(FEATURES) - 1
    kinds: dict[str, Kind] = FEATURES if unlabelled else {"label": "truth", **FEATURES}
    layout = Layout(kinds=kinds, delimiter="\t", quoted=False, required=("label",))
    return read_delimited(place, layout, chunk_rows)
