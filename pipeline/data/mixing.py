"""Bits that look random and are the same on every machine and in every process.  N values, W words of a text."""

import numpy as np
import numpy.typing as npt

from pipeline.data.table import Array

Words = npt.NDArray[np.uint64]
GOLDEN = np.uint64(0x9E3779B97F4A7C15)


def mixed(words: Words) -> Words:
    """SplitMix64 of each word, a bijection: Steele, Lea, Flood (2014), Fast splittable pseudorandom number generators.

    `words` is left alone.
    """
    out = words + GOLDEN
    shifted = np.empty_like(out)
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        out ^= np.right_shift(out, np.uint64(shift), out=shifted)
        out *= np.uint64(factor)
    out ^= np.right_shift(out, np.uint64(31), out=shifted)
    return out


def hashed(values_N: Array, seed: int) -> Words:
    """64 bits of each whole number or text.  A text's hash does not depend on how wide its column is.

    A whole number and the text of it have different hashes.  Raises TypeError for anything else.
    """
    salt = mixed(np.array([seed % 2**64], dtype=np.uint64))
    if values_N.dtype.kind in "iu":
        return mixed(values_N.astype(np.int64).view(np.uint64) ^ salt)
    if values_N.dtype.kind != "S":
        raise TypeError(f"can't hash values of type {values_N.dtype}; whole numbers and bytes can be")
    state_N = np.broadcast_to(~salt, len(values_N))
    for position, word_N in enumerate(_words(values_N).T):
        # Words behind a text's end are zero and leave the state as it is; a word's position counts.
        following_N = mixed(state_N ^ mixed(word_N + np.uint64(position)))
        state_N = following_N if word_N.all() else np.where(word_N != 0, following_N, state_N)
    return state_N.copy()


def uniform(words: Words) -> npt.NDArray[np.float64]:
    """Each word as one of 2**52 numbers strictly between 0 and 1, evenly: the most that leave room for the half."""
    return ((words >> np.uint64(12)).astype(np.float64) + 0.5) * 2.0**-52


def _words(values_N: Array) -> Words:
    """Texts as little-endian words (N, W), zeros behind their ends."""
    size = -(-values_N.dtype.itemsize // 8) * 8
    return (
        np.ascontiguousarray(values_N.astype(f"S{size}"))
        .view("<u8")
        .reshape(len(values_N), size // 8)
        .astype(np.uint64, copy=False)
    )
