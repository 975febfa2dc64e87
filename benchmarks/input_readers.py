"""Ways to read a Criteo-shaped file, each a function from its path to the rows it read.

pandas and polars are imported where they are used: what is measured is a process with one of them.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch

from pipeline.data.encode import Hashed, Recipe, as_float, encode, log_count
from pipeline.data.files import encoded
from pipeline.data.learn import Counts, learn
from pipeline.data.readers.criteo import CATEGORIES, NUMBERS
from pipeline.data.readers.registry import open_table
from pipeline.data.stream import batches, shard
from pipeline.records import FileSource

BATCH, BUCKETS = 2048, 1_000_000
NAMES = ["label", *NUMBERS, *CATEGORIES]
RECIPE: Recipe = {
    "numbers": dict.fromkeys(NUMBERS, log_count),
    "ids": {name: Hashed(BUCKETS, seed=place) for place, name in enumerate(CATEGORIES)},
    "clicked": {"label": as_float},
}


def our_tables(path: Path) -> int:
    """Numbers and text."""
    return sum(map(len, open_table(path, "criteo")))


def our_batches(path: Path, *, index: int = 0, count: int = 1) -> int:
    """Batches as a model takes them."""
    tables = shard(open_table(path, "criteo"), index, count)
    return sum(map(len, batches((encode(table, RECIPE) for table in tables), BATCH, keep_last=True)))


def our_vocabularies(path: Path) -> int:
    """Vocabularies of a million values learnt in one pass, then batches with their ids in another."""
    counts = {name: Counts(max_size=BUCKETS, min_count=2, capacity=2 * BUCKETS) for name in CATEGORIES}
    recipe = {**RECIPE, "ids": learn(open_table(path, "criteo"), counts)}
    tables = (encode(table, recipe) for table in open_table(path, "criteo"))
    return sum(map(len, batches(tables, BATCH, keep_last=True)))


def our_half(path: Path) -> int:
    """The batches of the first of two workers; the rows that it reads, of which it passes on every second."""
    return 2 * our_batches(path, count=2)


def our_arrays(path: Path) -> int:
    """A user's data set: encoded into a cache of its own, then mapped."""
    own = {"numbers": [*NUMBERS], "scale": "log", "columns": [*CATEGORIES], "encoding": "hash", "buckets": BUCKETS}
    source = FileSource(train=str(path), format="criteo", target="label", **own)  # type: ignore[arg-type]
    with TemporaryDirectory(dir=path.parent) as cache, patch.dict("os.environ", PARITY_DATA=cache):
        dataset = encoded.load("clicks", source)
        return len(dataset.train) + len(dataset.test)


def pandas_chunks(path: Path) -> int:
    """pandas' own parser, in pieces of as many rows as ours at most."""
    import pandas as pd

    kinds = {name: "float64" if name in NUMBERS else "str" if name in CATEGORIES else "int64" for name in NAMES}
    reader = pd.read_csv(path, sep="\t", header=None, names=NAMES, dtype=kinds, quoting=3, chunksize=65_536)
    return sum(map(len, reader))


def pandas_arrow(path: Path) -> int:
    """pandas over Arrow's parser, whole."""
    import pandas as pd

    return len(pd.read_csv(path, sep="\t", header=None, names=NAMES, engine="pyarrow", dtype_backend="pyarrow"))


def polars_whole(path: Path) -> int:
    """polars' parser, whole, all threads."""
    import polars as pl

    return pl.read_csv(path, schema=_polars_schema(), separator="\t", has_header=False, quote_char=None).height


def polars_batches(path: Path) -> int:
    """polars' streaming engine, in pieces."""
    import polars as pl

    frame = pl.scan_csv(path, schema=_polars_schema(), separator="\t", has_header=False, quote_char=None)
    return sum(batch.height for batch in frame.collect_batches(chunk_size=65_536))


def _polars_schema() -> dict[str, Any]:
    """Whole numbers, floats and text, as ours."""
    import polars as pl

    return {name: pl.Float64 if name in NUMBERS else pl.String if name in CATEGORIES else pl.Int64 for name in NAMES}


OURS = "ours, in chunks"
READERS: Mapping[str, Callable[[Path], int]] = {
    OURS: our_tables,
    "pandas, C parser, in chunks": pandas_chunks,
    "pandas over Arrow, whole": pandas_arrow,
    "polars, whole": polars_whole,
    "polars, streaming": polars_batches,
}
STREAMS: Mapping[str, Callable[[Path], int]] = {
    "read, hash, batch": our_batches,
    "the first of two shards": our_half,
    "learn 26 vocabularies, encode, batch": our_vocabularies,
    "a source of a config: hash, write, map": our_arrays,
}
