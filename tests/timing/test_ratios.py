"""The ratio of two arms and its interval: solved by hand, and simulated."""

import numpy as np
import pytest
from scipy import stats

from pipeline.analysis.ratios import process_ratios, ratio

LEVEL = 0.95


def logs(*ratios_P, rounds=2, calls=3):
    """(P, A, R, H, K): the second arm takes this many times the first's 100 us, without noise."""
    base = np.full((len(ratios_P), 1, rounds, 2, calls), np.log(100.0))
    return np.concatenate([base, base + np.log(np.array(ratios_P))[:, None, None, None, None]], axis=1)


def simulated(rng, processes, between, ratio=1.0):
    """Noise of calls, a call in twenty far too slow, noise of blocks, and effects of processes."""
    shape = (processes, 2, 4, 2, 5)
    noise = rng.normal(0, 0.01, shape) + (rng.random(shape) < 0.05) * rng.exponential(0.3, shape)
    noise += rng.normal(0, 0.01, (*shape[:4], 1))
    noise[:, 1] += rng.normal(0, between, (processes, 1, 1, 1)) + np.log(ratio)
    return noise


def test_a_process_whose_arms_differ_by_a_factor_tells_it():
    assert np.exp(process_ratios(logs(1.1, 0.9), 1)) == pytest.approx([1.1, 0.9])


def test_one_slow_call_changes_nothing():
    disturbed = logs(1.1)
    disturbed[0, 1, 0, 0, 0] += 3.0
    assert np.exp(process_ratios(disturbed, 1)) == pytest.approx([1.1])


def test_a_steady_drift_changes_nothing():
    drifting = logs(1.1, rounds=3)
    for number in range(3):  # A B B A: the arms' blocks are 0 and 3, 1 and 2
        drifting[0, 0, number] += 0.01 * np.array([[0], [3]]) + 0.04 * number
        drifting[0, 1, number] += 0.01 * np.array([[1], [2]]) + 0.04 * number
    assert np.exp(process_ratios(drifting, 1)) == pytest.approx([1.1])


def test_the_estimate_is_the_mean_over_processes():
    found = ratio(logs(1.0, 1.21, 1.1), 1, np.random.default_rng(0), level=LEVEL)
    assert found.value == pytest.approx(1.1)


def test_processes_that_agree_to_the_bit_leave_no_doubt():
    found = ratio(logs(1.25, 1.25, 1.25), 1, np.random.default_rng(0), level=LEVEL)
    assert (found.low, found.high) == (found.value, found.value)


def test_without_noise_inside_processes_the_interval_is_students():
    ratios_P = np.array([1.02, 1.10, 1.04, 1.07])
    found = ratio(logs(*ratios_P), 1, np.random.default_rng(0), level=LEVEL, draws=100_000)
    half = stats.t.ppf(0.975, 3) * np.std(np.log(ratios_P), ddof=1) / 2
    assert np.log(found.high / found.value) == pytest.approx(half, rel=0.03)
    assert np.log(found.value / found.low) == pytest.approx(half, rel=0.03)


def test_a_higher_level_gives_a_wider_interval():
    wide, narrow = (ratio(logs(1.0, 1.2, 1.1), 1, np.random.default_rng(0), level=level) for level in (0.975, 0.95))
    assert wide.low < narrow.low < narrow.high < wide.high


def test_the_same_generator_gives_the_same_interval():
    one, two = (ratio(logs(1.0, 1.2, 1.1), 1, np.random.default_rng(5), level=LEVEL) for _ in range(2))
    assert one == two


@pytest.mark.parametrize(("processes", "between"), [(3, 0.0), (3, 0.02), (5, 0.005)])
def test_the_interval_holds_the_truth_as_often_as_it_says(processes, between):
    rng = np.random.default_rng([processes, int(1000 * between)])
    found = [ratio(simulated(rng, processes, between, 1.05), 1, rng, level=LEVEL, draws=300) for _ in range(1000)]
    assert 0.93 <= np.mean([each.low <= 1.05 <= each.high for each in found]) <= 0.97
