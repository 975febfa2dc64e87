"""Generated clicks: each row by itself, in Criteo's format, with the distribution and the signal that are promised."""

import numpy as np
import pytest

from pipeline.data.generate import Clicks, bayes_auc, click_rows, clicks, write_clicks
from pipeline.data.readers.registry import open_table
from pipeline.data.table import concatenate
from pipeline.errors import DataError

SMALL = (10, 3, *(100,) * 24)


def test_a_row_is_the_same_wherever_it_is_made():
    whole, _ = click_rows(Clicks(seed=3), np.arange(50))
    part, _ = click_rows(Clicks(seed=3), np.array([41, 7]))
    for name, column in part.columns.items():
        np.testing.assert_array_equal(column, whole[name][[41, 7]])


def test_another_seed_gives_other_rows():
    (one,), (other,) = clicks(Clicks(seed=1), 100), clicks(Clicks(seed=2), 100)
    assert one["C1"].tolist() != other["C1"].tolist()
    assert one["I1"].tolist() != other["I1"].tolist()


def test_what_is_written_is_what_is_read(tmp_path):
    write_clicks(Clicks(sizes=SMALL), tmp_path / "train.txt", 1000)
    read = concatenate(list(open_table(tmp_path / "train.txt", "criteo")))
    made = concatenate(list(clicks(Clicks(sizes=SMALL), 1000, chunk_rows=300)))
    for name, column in made.columns.items():
        np.testing.assert_array_equal(read[name], column)


def test_a_vocabulary_of_a_hundred_million_needs_no_table():
    table, _ = click_rows(Clicks(sizes=(10**8,) * 26, exponent=0.0, missing=0.0), np.arange(1000))
    assert len(np.unique(table["C1"])) > 990  # all ids are equally likely: a repetition in 200 draws of this kind


def test_a_vocabulary_has_no_more_values_than_its_size():
    table, _ = click_rows(Clicks(sizes=SMALL, exponent=0.0, missing=0.0), np.arange(5000))
    assert [len(np.unique(table[name])) for name in ("C1", "C2", "C3")] == [10, 3, 100]


@pytest.mark.parametrize(("exponent", "share"), [(1.0, 0.5), (2.0, 2 / 3), (0.0, 1 / 3)])
def test_the_first_value_is_as_frequent_as_its_law_says(exponent, share):
    # Three values: the integral from 1 to 2 over that from 1 to 4.
    table, _ = click_rows(Clicks(sizes=(3,) * 26, exponent=exponent, missing=0.0), np.arange(20_000))
    most = (
        max(np.unique(table["C1"], return_counts=True)[1])
        if exponent
        else np.mean(table["C1"] == table["C1"][0]) * 20_000
    )
    assert most / 20_000 == pytest.approx(share, abs=5 * (0.25 / 20_000) ** 0.5)


def test_the_share_of_missing_values_is_the_one_asked_for():
    table, _ = click_rows(Clicks(sizes=SMALL, missing=0.3), np.arange(20_000))
    for missing in (np.isnan(table["I7"]), table["C9"] == b""):
        assert np.mean(missing) == pytest.approx(0.3, abs=5 * (0.21 / 20_000) ** 0.5)


def test_clicks_follow_their_probabilities():
    table, probability = click_rows(Clicks(sizes=SMALL), np.arange(20_000))
    for part in np.array_split(np.argsort(probability), 5):
        assert table["label"][part].mean() == pytest.approx(probability[part].mean(), abs=5 * (0.25 / len(part)) ** 0.5)


def test_without_a_signal_nothing_predicts_a_click():
    _, probability = click_rows(Clicks(signal=0.0, click_rate=0.3), np.arange(10))
    np.testing.assert_allclose(probability, 0.3)
    assert bayes_auc(probability) == 0.5


def test_the_best_possible_auc_is_solved_by_hand():
    # Rows of 0.2 and 0.8: (0.8 · 0.8) / (0.2 · 0.2 + 0.8 · 0.8) of the pairs are in order.
    assert bayes_auc(np.array([0.2, 0.8])) == pytest.approx(0.64 / 0.68)


def test_the_true_probabilities_reach_the_best_possible_auc():
    table, probability = click_rows(Clicks(sizes=SMALL, signal=2.0), np.arange(20_000))
    order = np.argsort(probability)
    clicked = table["label"][order].astype(bool)
    ranks = np.arange(1, len(order) + 1)[clicked]
    auc = (ranks.sum() - len(ranks) * (len(ranks) + 1) / 2) / (len(ranks) * (len(order) - len(ranks)))
    assert auc == pytest.approx(bayes_auc(probability), abs=0.01)
    assert auc > 0.75


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"sizes": (5,)}, "give 26 sizes"),
        ({"sizes": (0,) * 26}, "give 26 sizes"),
        ({"click_rate": 1.0}, "a rate lies between 0 and 1"),
        ({"missing": 1.0}, "a share from 0 below 1"),
    ],
)
def test_what_cannot_be_generated_is_refused(settings, message):
    with pytest.raises(DataError, match=message):
        Clicks(**settings)


def test_a_path_that_cannot_be_written_is_named(tmp_path):
    with pytest.raises(DataError, match="nowhere/t: can't be written"):
        write_clicks(Clicks(), tmp_path / "nowhere" / "t", 1)
