"""MovieLens: 1M's (and 10M's) `::` files in Latin-1, and 100k's `u.data`.

Ratings: user and movie int64, rating float64, timestamp int64.  Users: user, age and occupation int64, gender and zip
text.  Movies: movie int64, title text, genres ragged text.
"""

from collections.abc import Iterator

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.data.readers.arrow import to_table
from pipeline.data.readers.delimited import read_batches, read_delimited
from pipeline.data.readers.layout import Kind, Layout
from pipeline.data.readers.place import Place
from pipeline.data.table import Table

RATINGS: dict[str, Kind] = {"user": "integer", "movie": "integer", "rating": "number", "timestamp": "integer"}
USERS: dict[str, Kind] = {
    "user": "integer",
    "gender": "text",
    "age": "integer",
    "occupation": "integer",
    "zip": "text",
}
MOVIES: dict[str, Kind] = {"movie": "integer", "title": "text", "genres": "text"}


def read_ratings(place: Place, *, chunk_rows: int) -> Iterator[Table]:
    """`ratings.dat`."""
    return read_delimited(place, _layout(RATINGS, "::"), chunk_rows)


def read_100k(place: Place, *, chunk_rows: int) -> Iterator[Table]:
    """`u.data`: tabs."""
    return read_delimited(place, _layout(RATINGS, "\t"), chunk_rows)


def read_users(place: Place, *, chunk_rows: int) -> Iterator[Table]:
    """`users.dat`."""
    return read_delimited(place, _layout(USERS, "::"), chunk_rows)


def read_movies(place: Place, *, chunk_rows: int) -> Iterator[Table]:
    """`movies.dat`; a movie without genres has none."""
    for batch in read_batches(place, _layout(MOVIES, "::"), chunk_rows):
        genres = pc.split_pattern(batch.column("genres"), "|")
        yield to_table(pa.record_batch({**dict(zip(MOVIES, batch.columns, strict=True)), "genres": genres}), place)


def _layout(kinds: dict[str, Kind], delimiter: str) -> Layout:
    # Every value is there in all rows of the originals, except genres.
    required = tuple(name for name in kinds if name != "genres")
    return Layout(kinds=kinds, delimiter=delimiter, quoted=False, required=required, encoding="latin-1")
