"""MovieLens-100k: hand-made ratings, then the real ones."""

import numpy as np
import pytest

from pipeline.data.movielens import prepare
from pipeline.errors import DataError


def ids_by_rating(dataset):
    inputs = np.concatenate([dataset.train.parts["columns"], dataset.test.parts["columns"]]).tolist()
    ratings = np.concatenate([dataset.train.targets, dataset.test.targets]).tolist()
    return dict(zip(ratings, inputs, strict=True))


def test_users_and_films_are_numbered_apart_and_every_rating_keeps_its_ids(ratings_wheel):
    # Users 5, 7 -> 0, 1; films 3, 9, 20 -> 0, 1, 2.
    assert ids_by_rating(prepare(ratings_wheel)) == {1.0: [1, 1], 2.0: [0, 0], 3.0: [1, 2], 4.0: [0, 2], 5.0: [1, 0]}


def test_the_vocabularies_are_those_of_users_and_films(ratings_wheel):
    assert prepare(ratings_wheel).vocabularies == (2, 3)


def test_a_fifth_of_the_ratings_is_held_out(ratings_wheel):
    dataset = prepare(ratings_wheel)
    assert (len(dataset.train.targets), len(dataset.test.targets)) == (4, 1)


def test_another_header_is_refused(make_wheel):
    with pytest.raises(DataError, match=r"ml-100k\.inter: line 1 is 'user,item'"):
        prepare(make_wheel({"recbole/dataset_example/ml-100k/ml-100k.inter": b"user,item\n1,2\n"}))


def test_every_rating_is_held_out_by_exactly_one_fold(ratings_wheel):
    held_out = [prepare(ratings_wheel, fold=fold).test.targets.tolist() for fold in range(1, 6)]
    assert sorted(rating for ratings in held_out for rating in ratings) == [1, 2, 3, 4, 5]


def test_a_fold_trains_on_what_the_others_hold_out(ratings_wheel):
    dataset = prepare(ratings_wheel, fold=2)
    assert sorted([*dataset.train.targets.tolist(), *dataset.test.targets.tolist()]) == [1, 2, 3, 4, 5]


def test_the_last_fold_is_the_usual_split(ratings_wheel):
    usual, last = prepare(ratings_wheel), prepare(ratings_wheel, fold=5)
    np.testing.assert_array_equal(usual.train.targets, last.train.targets)


@pytest.fixture(scope="module")
def real(loaded):
    return loaded("movielens_100k")


def test_real_ratings_are_100000_split_80_to_20(real):
    assert (real.train.parts["columns"].shape, real.test.parts["columns"].shape) == ((80_000, 2), (20_000, 2))
    assert (real.train.parts["columns"].dtype, real.train.targets.dtype) == (np.int32, np.float32)
    assert (real.task, real.outputs, real.vocabularies, real.test.labels) == ("rating", 1, (943, 1682), None)


def test_real_users_and_films_fill_their_vocabularies(real):
    ids_N2 = np.concatenate([real.train.parts["columns"], real.test.parts["columns"]])
    np.testing.assert_array_equal(np.unique(ids_N2[:, 0]), np.arange(943))
    np.testing.assert_array_equal(np.unique(ids_N2[:, 1]), np.arange(1682))


def test_real_ratings_have_the_published_counts(real):
    ratings = np.concatenate([real.train.targets, real.test.targets])
    assert np.unique(ratings, return_counts=True)[0].tolist() == [1, 2, 3, 4, 5]
    assert np.unique(ratings, return_counts=True)[1].tolist() == [6110, 11370, 27145, 34174, 21201]


def test_no_real_pair_of_user_and_film_is_in_both_parts(real):
    assert not set(map(tuple, real.train.parts["columns"].tolist())) & set(
        map(tuple, real.test.parts["columns"].tolist())
    )
