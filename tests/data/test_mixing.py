"""Hashes: the published function, the same everywhere, blind to a column's width."""

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.data.mixing import hashed, mixed, uniform

GOLDEN_TEXT = ["0x2cd325b9d10061fe", "0xee5eacb3bf3e67d", "0x800f13a52b49e9bc"]
GOLDEN_WHOLE = ["0xb8b4c2977eabce45", "0xa9a96b699dc41760"]
TEXTS = np.array([b"", b"a", b"68fd1e64", b"longer than eight"])


def test_mixing_is_splitmix64():
    # The first two numbers of the published generator with seed 0: its state grows by the golden ratio.
    assert [hex(word) for word in mixed(np.array([0, 0x9E3779B97F4A7C15], np.uint64))] == [
        "0xe220a8397b1dcdaf",
        "0x6e789e6aa1b965f4",
    ]


def test_hashes_are_the_same_in_another_process():
    code = (
        "import numpy as np; from pipeline.data.mixing import hashed; print(hashed(np.array([b'ab', b'']), 3).tolist())"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert out.strip() == str(hashed(np.array([b"ab", b""]), 3).tolist())


def test_hashes_of_today_are_those_of_tomorrow():
    assert [hex(word) for word in hashed(TEXTS[1:], 7)] == GOLDEN_TEXT
    assert [hex(word) for word in hashed(np.array([0, -1]), 7)] == GOLDEN_WHOLE


@settings(deadline=None)
@given(st.lists(st.binary(max_size=30).map(lambda text: text.rstrip(b"\0")), min_size=1), st.integers(1, 40))
def test_a_text_hashes_alike_in_a_wider_column(texts, wider):
    column = np.array(texts)
    np.testing.assert_array_equal(hashed(column, 1), hashed(column.astype(f"S{column.dtype.itemsize + wider}"), 1))


@settings(deadline=None)
@given(st.sets(st.binary(max_size=20).map(lambda text: text.rstrip(b"\0")), min_size=2))
def test_different_texts_hash_differently(texts):
    assert len({*hashed(np.array([*texts]), 1).tolist()}) == len(texts)


def test_a_words_place_counts():
    one, other = hashed(np.array([b"aaaaaaaabbbbbbbb", b"bbbbbbbbaaaaaaaa"]), 0)
    assert one != other


def test_seeds_give_different_hashes():
    assert hashed(TEXTS, 1).tolist() != hashed(TEXTS, 2).tolist()


def test_every_second_value_hashes_as_in_the_whole_column():
    np.testing.assert_array_equal(hashed(TEXTS[::2], 1), hashed(TEXTS, 1)[::2])


def test_floats_can_not_be_hashed():
    with pytest.raises(TypeError, match="can't hash values of type float64"):
        hashed(np.zeros(1), 0)


def test_uniform_numbers_lie_strictly_between_0_and_1():
    low, high = uniform(np.array([0, 2**64 - 1], np.uint64))
    assert 0 < low == 2.0**-53
    assert 1 > high == 1 - 2.0**-53
