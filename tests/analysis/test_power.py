import numpy as np
import pytest

from pipeline.analysis.pairing import PairedMetric
from pipeline.analysis.power import seeds_needed
from pipeline.records import Margin

ONE = Margin(1.0)


def metric(*differences: float) -> PairedMetric:
    """The baseline's standard deviation is 1."""
    spread_S = np.linspace(-1.0, 1.0, len(differences)) if len(differences) > 1 else np.zeros(1)
    baseline_S = spread_S / (np.std(spread_S, ddof=1) if len(differences) > 1 else 1.0)
    return PairedMetric("accuracy", baseline_S, baseline_S + np.array(differences))


def test_seeds_needed_is_the_hand_solved_value_for_a_centred_unit_spread():
    # Power 2·T(√n - t.95) - 1 reaches .8 where √n - t.95 ≥ t.90: 10 seeds 1.329 < 1.383, 11 seeds 1.504 > 1.372.
    assert seeds_needed(metric(-1, 0, 1), ONE, 0.05) == 11


def test_seeds_needed_grows_as_the_mean_nears_the_margin():
    assert seeds_needed(metric(-0.5, 0.5, 1.5), ONE, 0.05) > seeds_needed(metric(-1, 0, 1), ONE, 0.05)


def test_seeds_needed_beyond_the_margin_is_the_hand_solved_value():
    # One SD beyond: √n - t.975 ≥ t.80: 10 seeds 0.900 ≥ 0.883, 9 seeds 0.694 < 0.889.
    assert seeds_needed(metric(1, 2, 3), ONE, 0.025) == 10


def test_more_seeds_are_needed_at_a_stricter_level():
    assert seeds_needed(metric(-1, 0, 1), ONE, 0.001) > seeds_needed(metric(-1, 0, 1), ONE, 0.02)


def test_more_seeds_are_needed_where_the_margin_is_known_only_by_its_deviation():
    assert seeds_needed(metric(-1, 0, 1), Margin(1.0, of_sd=True), 0.02) > seeds_needed(metric(-1, 0, 1), ONE, 0.02)


@pytest.mark.parametrize("differences", [[1.0], [2.0, 2.0], [0.0, 2.0]])
def test_seeds_needed_is_unknown_without_spread_or_gap(differences):
    assert seeds_needed(metric(*differences), ONE, 0.02) == 0


def test_seeds_needed_is_unknown_when_no_sensible_number_would_do():
    assert seeds_needed(metric(-100, 0, 100), Margin(0.1), 0.02) == 0
