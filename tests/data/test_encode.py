"""Encoders: hand-solved values, missing and unseen ones."""

import pickle

import numpy as np
import pytest

from pipeline.data.encode import Hashed, Standardised, as_float, encode, log_count
from pipeline.data.table import MISSING, Ragged, Table
from pipeline.errors import DataError


def test_a_hashed_id_is_0_only_where_the_value_is_missing():
    values = np.array([str(i).encode() for i in range(1000)])
    values[7] = b""
    assert np.flatnonzero(Hashed(50)(values) == 0).tolist() == [7]
    assert np.flatnonzero(Hashed(50)(np.array([1, MISSING, 3])) == 0).tolist() == [1]


def test_hashed_ids_fill_all_buckets_evenly():
    counts = np.bincount(Hashed(11)(np.arange(100_000)), minlength=11)
    assert (len(counts), counts[0]) == (11, 0)
    # Ten buckets of 10,000 each; the deviation is 95.
    assert np.abs(counts[1:] - 10_000).max() < 5 * 95


def test_two_buckets_leave_one_for_all_values():
    assert {*Hashed(2)(np.arange(100)).tolist()} == {1}


def test_columns_with_seeds_of_their_own_collide_differently():
    values = np.arange(1000)
    assert np.mean(Hashed(1000, seed=1)(values) == Hashed(1000, seed=2)(values)) < 0.02


@pytest.mark.parametrize("buckets", [1, 2**31 + 1])
def test_a_number_of_buckets_that_int32_cannot_hold_is_refused(buckets):
    with pytest.raises(DataError, match=f"buckets={buckets}; use 2 to"):
        Hashed(buckets)


def test_log_counts_keep_their_sign_and_missing_ones_are_0():
    encoded = log_count(np.array([0.0, np.e - 1, -(np.e**2 - 1), np.nan]))
    np.testing.assert_allclose(encoded, [0, 1, -2, 0], rtol=1e-7)
    assert encoded.dtype == np.float32


def test_a_standardised_missing_value_is_the_mean():
    assert Standardised(mean=3.0, deviation=2.0)(np.array([3, 7, MISSING])).tolist() == [0.0, 2.0, 0.0]


def test_encoders_leave_their_input_alone():
    values = np.array([1.0, np.nan])
    log_count(values)
    np.testing.assert_array_equal(values, [1.0, np.nan])


def test_a_recipe_stacks_columns():
    table = Table({"a": np.array([1.0, 2.0]), "b": np.array([3.0, np.nan]), "y": np.array([0, 1])})
    encoded = encode(table, {"x": {"a": as_float, "b": as_float}, "y": {"y": as_float}})
    assert {name: column.tolist() for name, column in encoded.columns.items()} == {
        "x": [[1.0, 3.0], [2.0, 0.0]],
        "y": [[0.0], [1.0]],
    }


def test_a_ragged_column_stays_ragged():
    table = Table({"tags": Ragged(np.array([0, 2, 2]), np.array([b"p", b"p"]))})
    encoded = encode(table, {"tags": {"tags": Hashed(100)}})["tags"]
    assert encoded.offsets_R1.tolist() == [0, 2, 2]
    assert encoded.values_V[0] == encoded.values_V[1] > 0


def test_a_ragged_column_can_not_be_stacked():
    table = Table({"r": Ragged(np.array([0, 1]), np.array([1])), "a": np.array([1])})
    with pytest.raises(DataError, match="column r is ragged and can't be stacked; give it a name of its own"):
        encode(table, {"x": {"a": as_float, "r": as_float}})


def test_encoders_cross_process_boundaries():
    recipe = {"x": {"a": Hashed(9, seed=2), "b": log_count, "c": Standardised(1.0, 2.0)}}
    assert pickle.loads(pickle.dumps(recipe)) == recipe
