"""Which examples of a data set without an official test set are held out.  N examples."""

import numpy as np
import numpy.typing as npt

SEED = 20250130
TEST_SHARE = 5  # one example in five of each class


def fixed_stream() -> np.random.RandomState:
    """The same numbers for good: numpy promises that RandomState's stream stays as it is (NEP 19), and a Generator's
    may change; a split belongs to its data set.
    """
    return np.random.RandomState(SEED)


def held_out(labels_N: npt.NDArray[np.integer], random: np.random.RandomState) -> npt.NDArray[np.bool_]:
    """True for a random fifth of each class."""
    held_out_N = np.zeros(len(labels_N), dtype=np.bool_)
    for label in np.unique(labels_N):
        members = random.permutation(np.flatnonzero(labels_N == label))
        held_out_N[members[: len(members) // TEST_SHARE]] = True
    return held_out_N
