"""Figures of others beside ours: hand-solved means, intervals and verdicts."""

import msgspec
import numpy as np
import pytest
from made_runs import CELL, made_arm, made_run, made_trial

from pipeline.analysis import analyse, compare_published
from pipeline.analysis.published import seed_mean
from pipeline.records import Published, PublishedFigure, PublishedOrder, TrainEvidence, Worker

WORKER = Worker("host", 1, "CPU", {}, 0.0, 1.0, False)


def evidence(seed, class_value, functional_value, *, data="mnist_5k", family="projection", metric="accuracy"):
    cell = msgspec.structs.replace(CELL, data=data, family=family)
    arms = (made_arm("class", {metric: class_value}), made_arm("functional", {metric: functional_value}))
    return TrainEvidence(made_trial(cell, seed), arms, (), WORKER)


def figure(value, within, *, data=("mnist_5k",), family="projection", metric="accuracy"):
    return PublishedFigure(family, list(data), metric, value, within, "a paper")


def order(*families, metric="accuracy"):
    return PublishedOrder(list(families), ["mnist_5k"], metric, "a paper")


def compared(found, *, figures=(), orders=()):
    run = made_run(found, cell=found[0].trial.cell, margins={"accuracy": 0.01, "rmse": 0.01})
    return compare_published(msgspec.structs.replace(run, published=Published(list(figures), list(orders))))


def families_with(values_by_family, metric="accuracy"):
    return [
        evidence(seed, value, value, family=family, metric=metric)
        for family, values in values_by_family.items()
        for seed, value in enumerate(values)
    ]


def test_the_interval_of_a_mean_is_students():
    # sd sqrt(2.5), standard error sqrt(0.5), t(.975, 4) = 2.776445
    ours = seed_mean(np.array([1.0, 2.0, 3.0, 4.0, 5.0]))
    assert ours.mean == 3.0
    assert (ours.low, ours.high) == pytest.approx((3 - 2.776445 * 0.5**0.5, 3 + 2.776445 * 0.5**0.5), abs=1e-5)


def test_a_mean_within_the_distance_reproduces_a_figure_in_each_arm_by_itself():
    found = [evidence(seed, 0.85, 0.87) for seed in range(5)]
    figures = compared(found, figures=[figure(0.852, 0.005)]).figures
    assert [(item.style, item.verdict) for item in figures] == [
        ("class", "reproduced"),
        ("functional", "not reproduced"),
    ]


def test_four_seeds_measure_nothing():
    (found, _) = compared([evidence(seed, 0.85, 0.85) for seed in range(4)], figures=[figure(0.85, 0.005)]).figures
    assert (found.seeds, found.ours, found.verdict) == (4, None, "not measured")


def test_an_arm_that_never_ran_is_not_measured():
    planned = made_run([], seeds=range(5))
    run = msgspec.structs.replace(planned, published=Published([figure(0.85, 0.005)]))
    assert [item.verdict for item in compare_published(run).figures] == ["not measured", "not measured"]


def test_folds_are_averaged_before_seeds_and_a_seed_that_lacks_one_is_left_out():
    first = [evidence(seed, 0.90 + seed / 100, 0.9, data="fold_1", metric="rmse") for seed in range(6)]
    second = [evidence(seed, 0.94 + seed / 100, 0.9, data="fold_2", metric="rmse") for seed in range(5)]
    folds = figure(0.94, 0.01, data=("fold_1", "fold_2"), metric="rmse")
    found = compared([*first, *second], figures=[folds]).figures[0]
    assert (found.seeds, found.verdict) == (5, "reproduced")
    assert found.ours.mean == pytest.approx(0.94)


def test_an_order_is_reproduced_where_every_step_stays_above_zero():
    found = families_with({"plain": [0.1, 0.2, 0.3, 0.4, 0.5], "periodic": [0.2, 0.3, 0.4, 0.5, 0.6]})
    first = compared(found, orders=[order("plain", "periodic")]).orders[0]
    assert first.verdict == "reproduced"
    assert first.means == pytest.approx((0.3, 0.4))
    assert (first.steps[0].mean, first.steps[0].low) == pytest.approx((0.1, 0.1))


def test_an_order_is_undecided_where_a_step_reaches_zero():
    found = families_with({"plain": [0.5] * 5, "periodic": [0.9, 0.4, 0.6, 0.5, 0.5]})
    assert compared(found, orders=[order("plain", "periodic")]).orders[0].verdict == "undecided"


def test_an_order_the_other_way_round_is_not_reproduced():
    found = families_with({"plain": [0.5] * 5, "periodic": [0.6] * 5})
    assert compared(found, orders=[order("periodic", "plain")]).orders[0].verdict == "not reproduced"


def test_where_less_is_better_the_order_descends():
    found = families_with({"plain": [0.6] * 5, "periodic": [0.5] * 5}, metric="rmse")
    assert compared(found, orders=[order("plain", "periodic", metric="rmse")]).orders[0].verdict == "reproduced"


def test_an_order_needs_every_family():
    found = families_with({"plain": [0.6] * 5})
    assert compared(found, orders=[order("plain", "periodic")]).orders[0].verdict == "not measured"


def test_a_shown_metric_is_compared_with_what_was_published_and_not_judged():
    found = []
    for seed in range(5):
        arms = tuple(made_arm(style, {"accuracy": 0.5, "peak_distance": 12.0}) for style in ("class", "functional"))
        found.append(TrainEvidence(made_trial(CELL, seed), arms, (), WORKER))
    assert compared(found, figures=[figure(0, 100, metric="peak_distance")]).figures[0].verdict == "reproduced"
    assert [item.metric for item in analyse(made_run(found))[0].differences] == ["accuracy"]
