"""Numenta Anomaly Benchmark: CSV `timestamp,value`, and a JSON of the windows around the anomalies.

timestamp int64 seconds since 1970 (UTC is assumed); value float64; is_anomaly int64, if windows are given.
"""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from pipeline.data.readers.delimited import read_delimited
from pipeline.data.readers.layout import Layout
from pipeline.data.readers.lines import header_of
from pipeline.data.readers.place import Place
from pipeline.data.table import Table
from pipeline.errors import DataError

LAYOUT = Layout(kinds={"timestamp": "time", "value": "number"}, required=("timestamp",))


def read(place: Place, *, chunk_rows: int, windows: str | None = None, key: str | None = None) -> Iterator[Table]:
    """`windows` is `combined_windows.json`, `key` the series' name in it: by default the file's last two path parts.

    A window's ends belong to it.  Raises DataError for a windows file that can't be read or lacks the key.
    """
    line, names = header_of(place, LAYOUT)
    if names != [*LAYOUT.kinds]:
        raise DataError(f"{place}:{line}", f"is not NAB's header: {','.join(names)[:80]!r}", "read it with format csv")
    tables = read_delimited(place, replace(LAYOUT, skip=line), chunk_rows)
    if windows is None:
        return tables
    windows_W2 = _windows(Path(windows), key or "/".join(Path(place.member or place.path).parts[-2:]))
    return (Table({**table.columns, "is_anomaly": _inside(table["timestamp"], windows_W2)}) for table in tables)


def _windows(path: Path, key: str) -> npt.NDArray[np.int64]:
    with Place(path).open() as file:
        content = file.read()
    try:
        series = json.loads(content)
        spans = np.array(series[key], dtype="datetime64[s]")  # "2014-10-30 15:30:00.000000"
    except KeyError:
        raise DataError(str(path), f"has no windows of {key!r}", "say which with key=…, e.g. one of its keys") from None
    except (ValueError, TypeError) as error:
        raise DataError(str(path), f"is no file of windows ({error})", "fetch it again") from None
    return spans.reshape(-1, 2).astype(np.int64)


def _inside(seconds_R: npt.NDArray[np.int64], windows_W2: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    inside_R = np.zeros(len(seconds_R), dtype=np.int64)
    for first, last in windows_W2:
        inside_R |= (first <= seconds_R) & (seconds_R <= last)
    return inside_R
