"""UCR anomaly archive: `<id>_UCR_Anomaly_<name>_<train end>_<begin>_<end>.txt`; a value a line, or all in one line.

value float64; is_training int64; is_anomaly int64.  Values are counted from 0, an end is not part of its range; with
that the file name of series 135 agrees with the labels of aeon's copy.
"""

import re
from collections.abc import Iterator
from itertools import islice
from typing import IO

import numpy as np

from pipeline.data.readers.place import Place
from pipeline.data.table import Table
from pipeline.errors import DataError

NAME = re.compile(r"\d+_UCR_Anomaly_.+_(\d+)_(\d+)_(\d+)\.txt$")
LINE = 1 << 26  # bytes; the archive's longest line is a tenth of that


def read(place: Place, *, chunk_rows: int) -> Iterator[Table]:
    """Raises DataError: a name without the three numbers, a value that is no number, an anomaly behind the end."""
    match = NAME.search(place.name)
    if not match:
        raise DataError(str(place), "its name lacks _<train end>_<begin>_<end>.txt", "give it back its original name")
    train_end, begin, end = map(int, match.groups())
    done = 0
    with place.open() as file:
        values = _values(file, place)
        while chunk := list(islice(values, chunk_rows)):
            number_R = np.arange(done, done + len(chunk))
            done += len(chunk)
            yield Table(
                {
                    "value": np.array(chunk),
                    "is_training": (number_R < train_end).astype(np.int64),
                    "is_anomaly": ((begin <= number_R) & (number_R < end)).astype(np.int64),
                }
            )
    if done < end:
        raise DataError(str(place), f"{done} values, but its anomaly ends at {end}: it is cut off", "fetch it again")


def _values(file: IO[bytes], place: Place) -> Iterator[float]:
    for number, line in enumerate(iter(lambda: file.readline(LINE), b""), start=1):
        for text in line.split():
            try:
                yield float(text)
            except ValueError:
                what = f"column value: {text[:60].decode(errors='replace')!r} is not a number"
                raise DataError(f"{place}:{number}", what, "mend the line, or fetch the file again") from None
