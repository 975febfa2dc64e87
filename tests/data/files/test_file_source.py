"""A user's files as data sets: hand-solved arrays of every kind."""

import numpy as np
import pytest

from pipeline.data.files.encoded import info, load
from pipeline.errors import DataError
from pipeline.records import FileSource

PEOPLE = "age,town,rich\n20,Rome,0\n40,Rome,1\n,Bern,1\n"
OTHERS = "age,town,rich\n30,Oslo,0\n,Rome,1\n"


@pytest.fixture
def people(write):
    def source(**changed):
        usual = {"test": write("b.csv", OTHERS), "numbers": ["age"], "columns": ["town"], "target": "rich"}
        return FileSource(train=write("a.csv", PEOPLE), format="csv", **(usual | changed))

    return source


def test_numbers_are_standardised_by_the_training_rows_and_missing_ones_are_the_mean(people):
    dataset = load("mine", people())
    # 20 and 40: mean 30, deviation 10.
    np.testing.assert_allclose(dataset.train.parts["vectors"], [[-1], [1], [0]])
    np.testing.assert_allclose(dataset.test.parts["vectors"], [[0], [0]])


def test_columns_are_numbered_by_frequency_and_unseen_values_are_0(people):
    dataset = load("mine", people())
    assert dataset.train.parts["columns"].tolist() == [[1], [1], [2]]
    assert dataset.test.parts["columns"].tolist() == [[0], [1]]
    assert dataset.vocabularies == (3,)


def test_values_too_rare_are_left_out_of_the_vocabulary(people):
    assert load("mine", people(min_count=2)).vocabularies == (2,)


def test_hashed_columns_have_as_many_ids_as_buckets(people):
    dataset = load("mine", people(encoding="hash", buckets=50))
    assert dataset.vocabularies == (50,)
    assert dataset.train.parts["columns"][0] == dataset.train.parts["columns"][1] != 0


@pytest.mark.parametrize(
    ("scale", "expected"), [("as_is", [20, 40, 0]), ("log", [np.log(21), np.log(41), 0])], ids=["as_is", "log"]
)
def test_numbers_are_scaled_as_asked(people, scale, expected):
    np.testing.assert_allclose(load("mine", people(scale=scale)).train.parts["vectors"][:, 0], expected, rtol=1e-6)


def test_quantiles_put_the_smaller_below_0_and_the_larger_above(people):
    small, large, missing = load("mine", people(scale="quantile")).train.parts["vectors"][:, 0]
    assert small < missing == 0 < large


def test_what_planning_knows_agrees_with_the_arrays(people):
    found = info("mine", people())
    assert (found.name, found.kinds, found.task, found.rows) == ("mine", ("vectors", "columns"), "binary", 3)


def test_binary_targets_are_0_and_1(people):
    dataset = load("mine", people())
    assert (dataset.train.targets.tolist(), dataset.test.targets.tolist()) == ([0, 1, 1], [0, 1])
    assert (dataset.train.targets.dtype, dataset.outputs) == (np.int32, 1)


def test_a_rating_stays_a_number(write):
    ratings = write("ratings.dat", "1::7::3::0\n2::7::5::0\n1::9::1::0\n")
    keys = {"target": "rating", "task": "rating", "columns": ["user", "movie"]}
    dataset = load("mine", FileSource(train=ratings, test=ratings, **keys))
    assert dataset.train.targets.tolist() == [3, 5, 1]
    assert dataset.train.parts["columns"].tolist() == [[1, 1], [2, 1], [1, 2]]


def test_classes_are_numbered_in_their_order(write):
    train = write("a.csv", "x,kind\n1,pear\n2,apple\n3,pear\n")
    dataset = load("mine", FileSource(train=train, test=train, format="csv", task="classification", target="kind",
                                      numbers=["x"]))  # fmt: skip
    assert dataset.train.targets.tolist() == [1, 0, 1]
    assert dataset.outputs == 2


def test_ragged_ids_are_padded_and_cut_and_keep_their_weights(write):
    file = write("a.libsvm", "1 5:0.5\n-1 5:1 7:2 9:3\n")
    source = FileSource(train=file, test=file, target="label", ids="index", weights="value", length=2)
    dataset = load("mine", source)
    # Index 4 (5 in the file) occurs twice.
    assert dataset.train.parts["ids"].tolist() == [[1, 0], [1, 2]]
    assert dataset.train.parts["weights"].tolist() == [[0.5, 0], [1, 2]]
    assert dataset.train.targets.tolist() == [1, 0]
    assert (dataset.vocabulary, info("mine", source).kinds) == (4, ("bags",))


def test_ids_may_stand_in_an_array(tmp_path):
    np.savez(tmp_path / "a.npz", words=np.array([[7, 7, 9], [9, 7, 7]]), label=np.array([1, 0]))
    file = str(tmp_path / "a.npz")
    dataset = load("mine", FileSource(train=file, test=file, target="label", ids="words", length=4))
    assert dataset.train.parts["ids"].tolist() == [[1, 1, 2, 0], [2, 1, 1, 0]]


def test_pictures_are_laid_flat(tmp_path):
    np.savez(tmp_path / "a.npz", image=np.arange(12.0).reshape(3, 2, 2), label=np.array([4, 9, 4]))
    file = str(tmp_path / "a.npz")
    keys = {"task": "classification", "target": "label", "numbers": ["image"], "scale": "as_is"}
    dataset = load("mine", FileSource(train=file, test=file, **keys))
    assert dataset.train.parts["vectors"].tolist() == [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9, 10, 11]]
    assert dataset.train.targets.tolist() == [0, 1, 0]


SERIES = {"task": "forecast", "numbers": ["value"], "scale": "as_is", "window": 2, "labels": "is_anomaly"}


def test_a_series_becomes_windows_and_the_values_that_follow(write):
    file = write("007_UCR_Anomaly_x_4_5_6.txt", "0\n1\n2\n3\n4\n5\n6\n")
    dataset = load("mine", FileSource(train=file, training="is_training", **SERIES))
    assert dataset.train.parts["windows"][:, :, 0].tolist() == [[0, 1], [1, 2]]
    assert dataset.train.targets.tolist() == [[2], [3]]
    assert dataset.test.parts["windows"][:, :, 0].tolist() == [[2, 3], [3, 4], [4, 5]]
    assert dataset.test.labels.tolist() == [0, 1, 0]
    assert dataset.train.labels is None


def test_the_end_of_a_series_is_held_out(write):
    file = write("007_UCR_Anomaly_x_4_9_10.txt", "\n".join(map(str, range(10))))
    dataset = load("mine", FileSource(train=file, test_share=0.3, **SERIES))
    assert dataset.test.targets[:, 0].tolist() == [7, 8, 9]


def test_windows_do_not_reach_from_one_file_into_another(write):
    train = write("007_UCR_Anomaly_x_4_1_2.txt", "0\n1\n2\n")
    test = write("008_UCR_Anomaly_x_4_1_2.txt", "10\n11\n12\n")
    dataset = load("mine", FileSource(train=train, test=test, **SERIES))
    assert dataset.test.parts["windows"][:, :, 0].tolist() == [[10, 11]]


def test_a_share_of_the_rows_is_held_out_the_same_ones_always(write):
    file = write("a.csv", "x,y\n" + "".join(f"{row},{row % 2}\n" for row in range(1000)))
    source = FileSource(train=file, format="csv", numbers=["x"], target="y", scale="as_is", test_share=0.25)
    dataset = load("mine", source)
    train, test = (set(examples.parts["vectors"][:, 0].tolist()) for examples in (dataset.train, dataset.test))
    assert (train | test, train & test) == (set(range(1000)), set())
    assert 200 < len(test) < 300


def test_only_the_first_rows_of_each_file_are_read(people):
    dataset = load("mine", people(rows=1))
    assert (len(dataset.train), len(dataset.test)) == (1, 1)


def test_loading_a_part_by_name_gives_the_users_own_data(people):
    from pipeline.data.load import load as load_by_name

    assert load_by_name("mine", 2, {"mine": people()}).train.targets.tolist() == [0, 1]


@pytest.mark.parametrize(
    ("content", "changed", "fault"),
    [
        (PEOPLE + "4O,Rome,1\n", {}, r"a\.csv:5: column age: '4O' is not a number"),
        (PEOPLE + "40,Rome\n", {}, r"a\.csv:5: 2 values instead of 3"),
        (PEOPLE + "40,Rome,\n", {}, r"a\.csv: row 4: column rich is missing; mend or delete the row"),
        (PEOPLE, {"columns": ["city"]}, r"a\.csv:1: has no column 'city'; use some of age, town, rich"),
        (
            PEOPLE,
            {"numbers": [], "columns": ["age"], "options": {"kinds": {"age": "number"}}},
            "age is neither whole numbers nor text",
        ),
        (PEOPLE, {"numbers": ["town"], "columns": [], "options": {"kinds": {"town": "text"}}}, "column town is text"),
        ("age,town,rich\n", {}, r"a\.csv: has no rows"),
    ],
)
def test_what_is_wrong_is_named_with_its_place(people, write, content, changed, fault):
    source = people(**changed)
    write("a.csv", content)
    with pytest.raises(DataError, match=fault):
        load("mine", source)


def test_a_class_that_training_lacks_is_refused(people):
    with pytest.raises(DataError, match=r"b\.csv: row 1: column town has the class b'Oslo', which no training row has"):
        load("mine", people(task="classification", target="town", columns=[]))


def test_a_text_cannot_say_what_is_for_training(people):
    source = people(test="", training="town", columns=[], options={"kinds": {"town": "text"}})
    with pytest.raises(DataError, match=r"a\.csv: column town is text, not numbers"):
        load("mine", source)


def test_ragged_values_are_no_numbers(write):
    file = write("a.libsvm", "1 5:0.5\n")
    with pytest.raises(DataError, match="column value has any number of values a row; name it with ids and length"):
        load("mine", FileSource(train=file, test=file, target="label", numbers=["value"]))


def test_a_column_of_arrays_is_no_target(tmp_path):
    np.savez(tmp_path / "a.npz", image=np.zeros((3, 2)), label=np.zeros((3, 2)))
    file = str(tmp_path / "a.npz")
    with pytest.raises(DataError, match=r"a\.npz: column label has several values a row; name it among numbers"):
        load("mine", FileSource(train=file, test=file, target="label", numbers=["image"]))


def test_a_column_with_too_many_classes_is_refused(write):
    file = write("a.csv", "x,y\n" + "".join(f"1,{row}\n" for row in range(10_001)))
    source = FileSource(train=file, test=file, format="csv", numbers=["x"], target="y", task="classification")
    with pytest.raises(DataError, match=r"a\.csv: column y has more than 10000 classes by now; choose another column"):
        load("mine", source)


def test_nothing_held_out_is_refused(write):
    file = write("a.csv", "x,y\n1,1\n")
    with pytest.raises(DataError, match=r"0 training rows and 1 held out|1 training rows and 0 held out"):
        load("mine", FileSource(train=file, format="csv", numbers=["x"], target="y"))


def test_a_series_shorter_than_its_window_is_refused(write):
    file = write("007_UCR_Anomaly_x_2_1_2.txt", "0\n1\n2\n3\n")
    with pytest.raises(DataError, match="0 examples to learn from"):
        load("mine", FileSource(train=file, training="is_training", **SERIES))
