"""Small made-up data sets, one of each kind: 64 examples to train on, 16 held out."""

import numpy as np

from pipeline.records import Dataset


def digits() -> Dataset:
    """Vectors of 12, and which of the first three elements is the largest."""
    random = np.random.default_rng(0)
    inputs = random.random((80, 12)).astype("float32")
    targets = inputs[:, :3].argmax(axis=1).astype("int32")
    return Dataset("digits", "classification", inputs[:64], targets[:64], inputs[64:], targets[64:], None, 3)


def ratings() -> Dataset:
    """Pairs of ids out of 9, and a rating that follows from them."""
    random = np.random.default_rng(0)
    ids = np.stack([random.integers(0, 4, 80), random.integers(4, 9, 80)], axis=1).astype("int32")
    targets = (1 + ids[:, 0] % 4 + ids[:, 1] % 2).astype("float32")
    return Dataset("ratings", "rating", ids[:64], targets[:64], ids[64:], targets[64:], None, 1, 9)


def series() -> Dataset:
    """Windows of 6 over a sine, and the next value."""
    values = np.sin(np.arange(86) / 3).astype("float32")
    windows = np.lib.stride_tricks.sliding_window_view(values, 7)[:80]
    inputs, targets = windows[:, :6, None].copy(), windows[:, 6:].copy()
    labels = np.zeros(16, "int32")
    labels[5:8] = 1
    return Dataset("series", "forecast", inputs[:64], targets[:64], inputs[64:], targets[64:], labels, 1)
