"""MovieLens-100k: hand-made ratings, then the real ones."""

import numpy as np
import pytest

from pipeline.data.load import load
from pipeline.data.movielens import prepare
from pipeline.errors import DataError


def ids_by_rating(dataset):
    inputs = np.concatenate([dataset.train_inputs, dataset.test_inputs]).tolist()
    ratings = np.concatenate([dataset.train_targets, dataset.test_targets]).tolist()
    return dict(zip(ratings, inputs, strict=True))


def test_films_are_numbered_after_users_and_every_rating_keeps_its_ids(ratings_wheel):
    # Users 5, 7 -> 0, 1; films 3, 9, 20 -> 2, 3, 4.
    assert ids_by_rating(prepare(ratings_wheel)) == {1.0: [1, 3], 2.0: [0, 2], 3.0: [1, 4], 4.0: [0, 4], 5.0: [1, 2]}


def test_the_vocabulary_holds_users_and_films(ratings_wheel):
    assert prepare(ratings_wheel).vocabulary == 5


def test_a_fifth_of_the_ratings_is_held_out(ratings_wheel):
    dataset = prepare(ratings_wheel)
    assert (len(dataset.train_targets), len(dataset.test_targets)) == (4, 1)


def test_another_header_is_refused(make_wheel):
    with pytest.raises(DataError, match=r"ml-100k\.inter: line 1 is 'user,item'"):
        prepare(make_wheel({"recbole/dataset_example/ml-100k/ml-100k.inter": b"user,item\n1,2\n"}))


@pytest.fixture(scope="module")
def real():
    return load("movielens_100k")


def test_real_ratings_are_100000_split_80_to_20(real):
    assert (real.train_inputs.shape, real.test_inputs.shape) == ((80_000, 2), (20_000, 2))
    assert (real.train_inputs.dtype, real.train_targets.dtype) == (np.int32, np.float32)
    assert (real.task, real.outputs, real.vocabulary, real.test_labels) == ("rating", 1, 2625, None)


def test_real_users_and_films_fill_the_vocabulary_without_overlap(real):
    ids_N2 = np.concatenate([real.train_inputs, real.test_inputs])
    np.testing.assert_array_equal(np.unique(ids_N2[:, 0]), np.arange(943))
    np.testing.assert_array_equal(np.unique(ids_N2[:, 1]), np.arange(943, 2625))


def test_real_ratings_have_the_published_counts(real):
    ratings = np.concatenate([real.train_targets, real.test_targets])
    assert np.unique(ratings, return_counts=True)[0].tolist() == [1, 2, 3, 4, 5]
    assert np.unique(ratings, return_counts=True)[1].tolist() == [6110, 11370, 27145, 34174, 21201]


def test_no_real_pair_of_user_and_film_is_in_both_parts(real):
    assert not set(map(tuple, real.train_inputs.tolist())) & set(map(tuple, real.test_inputs.tolist()))
