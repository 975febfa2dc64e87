import re

import numpy as np
import pytest

from pipeline.analysis.margins import beyond_margin_p, lower_bound, margin_of, margin_size, upper_bound, within_p
from pipeline.analysis.pairing import EvidenceError, PairedMetric
from pipeline.analysis.statistics import beyond_p, tost_p
from pipeline.records import Margin, read_margin

TEN = PairedMetric("accuracy", np.linspace(0, 9, 10), np.linspace(0, 9, 10) + np.linspace(-0.4, 0.5, 10))
OF_SD = Margin(0.5, of_sd=True)


def shifted(by: float) -> PairedMetric:
    return PairedMetric("accuracy", TEN.baseline_S, TEN.candidate_S + by)


@pytest.mark.parametrize(
    ("given", "read"),
    [
        (0.01, Margin(0.01)),
        ("1e-3", Margin(0.001)),
        (1, Margin(1.0)),
        ("0.5sd", OF_SD),
        (" 2 SD", Margin(2.0, True)),
        ("1e-1sd", Margin(0.1, True)),
    ],
)
def test_a_margin_is_a_number_or_a_fraction_of_a_standard_deviation(given, read):
    assert read_margin(given) == read


@pytest.mark.parametrize(
    "given", [0, -1.0, "0sd", "-1sd", "sd", "many", True, None, [1], {"x": 1}, float("nan"), "1.2.3sd"]
)
def test_anything_else_is_no_margin(given):
    with pytest.raises(ValueError, match=re.escape(str(given))):
        read_margin(given)


def test_a_metric_without_a_margin_is_refused_with_the_remedy():
    with pytest.raises(EvidenceError, match=r"where: no margin .* rmse; set margins.rmse in the config"):
        margin_of("rmse", {"accuracy": 0.01}, "where")


def test_the_size_of_a_margin_of_deviations_is_in_the_metrics_unit():
    # The integers from 0 to 9 have the variance 55/6.
    assert margin_size(TEN, OF_SD) == pytest.approx(0.5 * np.sqrt(55 / 6))


def test_the_bounds_of_a_deviation_on_three_seeds_are_hand_solved():
    # χ² of two degrees exceeds x with probability exp(-x / 2).
    assert lower_bound(3, 0.02) == pytest.approx(np.sqrt(2 / (-2 * np.log(0.02))))
    assert upper_bound(3, 0.02) == pytest.approx(np.sqrt(2 / (-2 * np.log(0.98))))


def test_an_absolute_margin_is_tested_as_it_stands():
    assert within_p(TEN, Margin(1.0)) == tost_p(TEN.difference_S, 1.0)
    assert beyond_margin_p(shifted(3.0), Margin(1.0)) == beyond_p(shifted(3.0).difference_S, 1.0)


@pytest.mark.parametrize(
    ("p_of", "test", "bound", "by"),
    [(within_p, tost_p, lower_bound, 0.3), (beyond_margin_p, beyond_p, upper_bound, 3.0)],
)
def test_the_p_value_against_a_margin_of_deviations_solves_its_equation(p_of, test, bound, by):
    metric = shifted(by)
    p = p_of(metric, OF_SD)
    assert 1e-6 < p < 0.5
    assert test(metric.difference_S, margin_size(metric, OF_SD) * bound(10, p)) == pytest.approx(p, rel=1e-6)


def test_a_margin_of_deviations_is_harder_to_meet_than_the_same_margin_known():
    assert within_p(TEN, OF_SD) > tost_p(TEN.difference_S, margin_size(TEN, OF_SD))


def test_a_baseline_without_spread_makes_a_margin_of_deviations_that_nothing_meets():
    constant = PairedMetric("accuracy", np.zeros(3), np.array([0.1, 0.0, -0.1]))
    assert within_p(constant, OF_SD) >= 0.5


def test_differences_without_spread_at_zero_lie_within_any_margin_of_deviations():
    assert within_p(PairedMetric("accuracy", TEN.baseline_S, TEN.baseline_S), OF_SD) == 0.0


def test_one_seed_tells_nothing_about_a_margin_of_deviations():
    one = PairedMetric("accuracy", np.array([0.5]), np.array([0.5]))
    assert (within_p(one, OF_SD), beyond_margin_p(one, OF_SD)) == (1.0, 1.0)
