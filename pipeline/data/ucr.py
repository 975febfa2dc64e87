"""UCR anomaly archive, series 135: a patient's heart with internal bleeding.

L values in the series, N windows, T = 32 time steps, F = 1 feature.
windows_NTF float32 -> next_NF float32, the value that follows; labels_N int32, 1 where that value is in the anomaly.
"""

import statistics
from pathlib import Path

import numpy as np
import numpy.typing as npt

from pipeline.data.download import Download
from pipeline.data.source import Source
from pipeline.data.wheel import read_table
from pipeline.errors import DataError
from pipeline.records import Dataset, Examples

NAME = "ucr_anomaly_135"
FOLDER = "aeon/datasets/data/KDD-TSAD_135/135_UCR_Anomaly_InternalBleeding16_"
TRAIN, TEST = f"{FOLDER}TRAIN.csv", f"{FOLDER}TEST.csv"
HEADER = "timestamp,value,is_anomaly"
WINDOW = 32


def prepare(wheel: Path) -> Dataset:
    """Windows of stride 1, in the order of time; values standardised by the training part's mean and deviation.

    The test file begins with the training part.  A training window and its target lie wholly in that part; a test
    window's target lies after it, while the window itself may reach back into it.
    Raises DataError where a member is missing or malformed, or the test file does not begin with the training part.
    """
    train_L3 = read_table(wheel, TRAIN, delimiter=",", columns=3, dtype=np.float64, header=HEADER)
    series_L3 = read_table(wheel, TEST, delimiter=",", columns=3, dtype=np.float64, header=HEADER)
    _check(train_L3, series_L3, where=f"{wheel}: {TEST}")
    values_L = _standardised(series_L3[:, 1], len(train_L3))
    # Window n holds the values n .. n+T-1; its target is the value n+T.
    windows_NTF = np.lib.stride_tricks.sliding_window_view(values_L[:-1], WINDOW)[:, :, np.newaxis].copy()
    next_NF = values_L[WINDOW:, np.newaxis]
    labels_N = series_L3[WINDOW:, 2].astype(np.int32)
    train_windows = len(train_L3) - WINDOW
    return Dataset(
        name=NAME,
        task="forecast",
        train=Examples({"windows": windows_NTF[:train_windows]}, next_NF[:train_windows]),
        test=Examples({"windows": windows_NTF[train_windows:]}, next_NF[train_windows:], labels_N[train_windows:]),
        outputs=1,
    )


def _check(train_L3: npt.NDArray[np.float64], series_L3: npt.NDArray[np.float64], *, where: str) -> None:
    remedy = "delete the wheel and fetch it again with `parity data fetch`"
    if not WINDOW < len(train_L3) < len(series_L3):
        raise DataError(
            where, f"{len(train_L3)} training of {len(series_L3)} values leave no windows of {WINDOW}", remedy
        )
    if not np.array_equal(series_L3[: len(train_L3)], train_L3):
        raise DataError(where, "does not begin with the training part", remedy)


def _standardised(values_L: npt.NDArray[np.float64], training: int) -> npt.NDArray[np.float32]:
    # `statistics` rounds once, exactly: the same bits on every machine, which a vectorised sum does not promise.
    part = values_L[:training].tolist()
    standardised_L: npt.NDArray[np.float64] = (values_L - statistics.fmean(part)) / statistics.pstdev(part)
    return standardised_L.astype(np.float32)


SOURCE = Source(
    name=NAME,
    kinds=("windows",),
    task="forecast",
    rows=1_168,
    licence="BSD-3-Clause (aeon)",
    citation="Wu, Keogh (2023). Current Time Series Anomaly Detection Benchmarks are Flawed and are Creating the "
    "Illusion of Progress. IEEE TKDE 35(3), 2421–2429.",
    download=Download(
        client="pip",
        package="aeon",
        version="1.6.0",
        file="aeon-1.6.0-py3-none-any.whl",
        sha256="d05227086706f80111ac5fee8de4d5d3115bb3bcfd1c786c8629393055816409",
        size_bytes=6_421_000,
    ),
    members=(TRAIN, TEST),
    preparation=1,
    prepare=prepare,
)
