"""The simulations of docs/verdicts.md in small: 1,000 experiments or more of each kind, with seeds fixed.

Bounds leave room for the chance of so few experiments; the figures themselves are in the document.
"""

import numpy as np
import pytest

from benchmarks.verdict_experiments import (
    DRAWS,
    advised,
    claims,
    coverage,
    family_errors,
    looked_at,
    margins_of_sd,
    worst_errors,
)
from pipeline.analysis.resampling import bca_interval, places
from pipeline.analysis.statistics import ALPHA, t_interval
from pipeline.config import AUTO_LOOKS
from pipeline.records import Margin

NORMAL = DRAWS["normal"]
E = 1_000


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(20_260_101)


@pytest.mark.parametrize("seeds", [3, 5, 10])
@pytest.mark.parametrize("differences", DRAWS)
def test_the_interval_shown_holds_the_true_mean_about_as_often_as_it_says(differences, seeds, rng):
    assert 0.92 <= coverage(DRAWS[differences], seeds, 2 * E, t_interval, rng) <= 0.98


def test_the_bootstrap_interval_of_three_seeds_does_not(rng):
    assert coverage(NORMAL, 3, 200, lambda sample_S: bca_interval(sample_S, places(3, rng)), rng) < 0.85


@pytest.mark.parametrize("seeds", [3, 5, 10])
@pytest.mark.parametrize("differences", DRAWS)
def test_a_claim_on_the_margin_is_rarely_made(differences, seeds, rng):
    assert max(worst_errors(DRAWS[differences], seeds, E, rng)) <= ALPHA + 0.015


def test_arms_that_are_alike_are_mostly_equivalent_on_ten_seeds(rng):
    assert claims(NORMAL, 10, E, 0.0, 2.0, rng)[0] > 0.9


def test_a_margin_of_deviations_keeps_the_level_that_the_samples_own_deviation_breaks(rng):
    naive, equivalent, different = margins_of_sd(NORMAL, 5, E, 1.5, 0.99, rng)
    assert naive > 0.2
    assert max(equivalent, different) <= 0.03


def test_holm_keeps_the_level_of_a_whole_run_that_tests_cell_by_cell_break(rng):
    alone, equivalent, different = family_errors(NORMAL, 5, 10, E, rng)
    assert alone > ALPHA
    assert max(equivalent, different) <= 0.03


def test_looks_keep_the_level_that_repeated_tests_break(rng):
    equivalent, different, _, naive = looked_at(NORMAL, AUTO_LOOKS, 2 * E, 1.0, 1.0, rng)
    assert max(equivalent, different) <= 0.03 < naive


def test_looks_use_fewer_seeds_than_the_budget_where_the_answer_is_clear(rng):
    _, different, used, _ = looked_at(NORMAL, AUTO_LOOKS, E, 3.0, 1.0, rng)
    assert different > 0.95
    assert used < 12


@pytest.mark.parametrize(
    ("mean", "margin"), [(0.5, Margin(1.0)), (1.5, Margin(1.0)), (0.5, Margin(0.5, True)), (2.5, Margin(0.5, True))]
)
def test_as_many_seeds_as_advised_decide_about_as_often_as_aimed_at(mean, margin, rng):
    _, decided = advised(mean, margin, E, rng)
    assert 0.75 <= decided <= 0.88
