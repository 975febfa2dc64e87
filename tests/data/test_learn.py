"""What a training stream teaches: exact where it can be, bounded where it can't."""

import collections
import pickle

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.data.learn import Counts, Moments, learn
from pipeline.data.table import MISSING, Ragged, Table
from pipeline.data.vocabulary import Vocabulary

CHUNKS = [np.array([b"b", b"a", b"b", b""]), np.array([b"c", b"bb", b"c", b"c", b"a"])]


def vocabulary(chunks, **options):
    counts = Counts(**{"max_size": 100, **options})
    for chunk in chunks:
        counts.add(chunk)
    return counts.encoder()


def test_the_most_frequent_value_has_id_1_and_ties_go_by_value():
    assert vocabulary(CHUNKS).values_V.tolist() == [b"c", b"a", b"b", b"bb"]


def test_missing_and_unseen_values_have_id_0():
    assert vocabulary(CHUNKS)(np.array([b"c", b"", b"zz", b"longer than any", b"bb"])).tolist() == [1, 0, 0, 0, 4]


def test_rare_values_are_left_out():
    assert vocabulary(CHUNKS, min_count=2).values_V.tolist() == [b"c", b"a", b"b"]


def test_a_vocabulary_keeps_the_most_frequent():
    kept = vocabulary(CHUNKS, max_size=2)
    assert (kept.values_V.tolist(), kept.size) == ([b"c", b"a"], 3)


def test_whole_numbers_have_a_vocabulary_too():
    learnt = vocabulary([np.array([30, -5, 30, MISSING])])
    assert learnt(np.array([-5, 30, 7, MISSING])).tolist() == [2, 1, 0, 0]


def test_a_column_without_values_has_only_id_0():
    assert vocabulary([np.array([b"", b""])])(np.array([b"a"])).tolist() == [0]


@settings(deadline=None)
@given(st.lists(st.integers(0, 30), min_size=1, max_size=300), st.integers(1, 50))
def test_counts_are_exact_however_the_rows_are_cut(values, size):
    chunks = [np.array(values[i : i + size]) for i in range(0, len(values), size)]
    expected = sorted(collections.Counter(values).items(), key=lambda item: (-item[1], item[0]))
    assert vocabulary(chunks).values_V.tolist() == [value for value, _ in expected]


def test_a_frequent_value_is_kept_where_memory_is_short():
    rng = np.random.default_rng(0)
    rows = rng.permutation(np.concatenate([np.arange(200_000), np.full(30_000, -1), np.full(20_000, -2)]))
    learnt = vocabulary(np.split(rows, 25), capacity=50, max_size=2)
    assert learnt.values_V.tolist() == [-1, -2]
    assert 0 < learnt.undercount <= 250_000 / 50


def test_memory_is_bounded_by_the_capacity():
    counts = Counts(max_size=1_000_000, capacity=1000)
    for start in range(0, 1_000_000, 10_000):
        counts.add(np.arange(start, start + 10_000))
    assert len(counts.encoder().values_V) <= 1000


def test_a_vocabulary_crosses_process_boundaries():
    learnt = pickle.loads(pickle.dumps(vocabulary(CHUNKS)))
    assert learnt(np.array([b"c"])).tolist() == [1]


def test_a_vocabulary_can_be_given():
    assert Vocabulary(np.array([b"yes", b"no"]))(np.array([b"no", b"yes", b"maybe"])).tolist() == [2, 1, 0]


def test_moments_of_chunks_are_those_of_the_whole():
    moments = Moments()
    for chunk in ([1.0, np.nan], [], [2.0, 6.0]):
        moments.add(np.array(chunk))
    # 1, 2, 6: mean 3, squares 4 + 1 + 9.
    assert moments.encoder().mean == 3.0
    assert moments.encoder().deviation == pytest.approx((14 / 3) ** 0.5, rel=1e-15)


def test_moments_survive_a_large_mean():
    moments = Moments()
    for start in range(0, 1000, 10):
        moments.add(1e9 + np.arange(start, start + 10, dtype=float) % 2)
    assert moments.encoder().deviation == pytest.approx(0.5, rel=1e-6)


def test_a_constant_column_is_left_at_its_scale():
    moments = Moments()
    moments.add(np.array([4.0, 4.0]))
    assert moments.encoder()(np.array([4.0, 5.0])).tolist() == [0.0, 1.0]


def test_every_column_is_learnt_in_one_pass():
    table = Table({"a": np.array([b"x", b"y", b"x"]), "n": np.array([1.0, 3.0, 2.0])})
    encoders = learn(iter([table]), {"a": Counts(max_size=9), "n": Moments()})
    assert encoders["a"](table["a"]).tolist() == [1, 2, 1]
    assert encoders["n"](table["n"]).sum() == 0


def test_a_ragged_column_is_learnt_by_its_values():
    table = Table({"t": Ragged(np.array([0, 2, 3]), np.array([b"p", b"q", b"q"]))})
    assert learn([table], {"t": Counts(max_size=9)})["t"].values_V.tolist() == [b"q", b"p"]
