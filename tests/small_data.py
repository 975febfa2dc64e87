"""Small made-up data sets, one of each kind: 64 examples to train on, 16 held out."""

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from pipeline.records import Dataset, Examples, Part


def split(part: Part, inputs: npt.NDArray[np.generic], targets: npt.NDArray[np.generic]) -> tuple[Examples, Examples]:
    """The first 64 of 80 examples to train on, the others held out."""
    return Examples({part: inputs[:64]}, targets[:64]), Examples({part: inputs[64:]}, targets[64:])


def digits() -> Dataset:
    """Vectors of 12, and which of the first three elements is the largest."""
    random = np.random.default_rng(0)
    inputs = random.random((80, 12)).astype("float32")
    targets = inputs[:, :3].argmax(axis=1).astype("int32")
    return Dataset("digits", "classification", *split("vectors", inputs, targets), outputs=3)


def ratings() -> Dataset:
    """Pairs of ids out of 9, and a rating that follows from them."""
    random = np.random.default_rng(0)
    ids = np.stack([random.integers(0, 4, 80), random.integers(4, 9, 80)], axis=1).astype("int32")
    targets = (1 + ids[:, 0] % 4 + ids[:, 1] % 2).astype("float32")
    return Dataset("ratings", "rating", *split("ids", ids, targets), outputs=1, vocabulary=9)


def series() -> Dataset:
    """Windows of 6 over a sine, and the next value."""
    values = np.sin(np.arange(86) / 3).astype("float32")
    windows = np.lib.stride_tricks.sliding_window_view(values, 7)[:80]
    inputs, targets = windows[:, :6, None].copy(), windows[:, 6:].copy()
    train, test = split("windows", inputs, targets)
    labels = np.zeros(16, "int32")
    labels[5:8] = 1
    return Dataset("series", "forecast", train, replace(test, labels=labels), outputs=1)


def people() -> Dataset:
    """Four numbers and three columns of 5, 3 and 4 kinds, and a yes or no that follows from both."""
    random = np.random.default_rng(0)
    numbers = random.normal(size=(80, 4)).astype("float32")
    columns = np.stack([random.integers(0, size, 80) for size in (5, 3, 4)], axis=1).astype("int32")
    targets = (numbers[:, 0] + columns[:, 0] - 2 > 0).astype("int32")
    train, test = (
        Examples({"vectors": numbers[cut], "columns": columns[cut]}, targets[cut])
        for cut in (slice(64), slice(64, None))
    )
    return Dataset("people", "binary", train, test, outputs=1, vocabularies=(5, 3, 4))
