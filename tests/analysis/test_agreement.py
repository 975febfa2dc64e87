"""Agreement with one device: what is worst, what is tolerated, and what it does to a cell's verdict."""

import msgspec
import pytest
from made_runs import made_evidence, made_run, made_trial

from pipeline.analysis import analyse, summarise_families
from pipeline.analysis.agreement import tolerance_of
from pipeline.analysis.pairing import EvidenceError
from pipeline.records import Agreement, Cell, DataInfo, Strategy, Training

TWO = Cell("stateful", "class", "functional", "ucr", Strategy("mirrored", 2))
ASYNC = msgspec.structs.replace(TWO, strategy=Strategy("parameter_server", workers=2, ps=1, coordination="async"))
ONE = msgspec.structs.replace(TWO, strategy=Strategy("one_device"))
DATA = DataInfo("ucr", ("windows",), "forecast", "", "", "", rows=1280)  # ten steps of 128 in each of five epochs


def measured(style, *, weights=None, loss=0.0, metric=0.0, replicas=None):
    return Agreement(style, weights or {"kernel": 0.0}, {"accuracy": metric}, loss, replicas or {"kernel": 0.0})


def run_of(*per_seed, cell=TWO, difference=0.0):
    """A run with one seed for each pair of agreements, arms the same to the bit unless they differ."""
    made = [made_evidence(at, difference, cell=cell, same_bits=not difference) for at in range(len(per_seed))]
    found = [msgspec.structs.replace(one, agreement=pair) for one, pair in zip(made, per_seed, strict=True)]
    return msgspec.structs.replace(made_run(found, cell=cell), data=(DATA,))


def summary_of(*per_seed, **given):
    return analyse(run_of(*per_seed, **given))[0]


def test_the_worst_over_seeds_arms_and_variables_is_named():
    quiet = measured("functional", weights={"kernel": 1e-7, "state": 1e-8}, loss=3e-7)
    loud = measured("class", weights={"kernel": 2e-7, "state": 4e-7}, metric=0.01)
    found = summary_of((measured("class"), quiet), (loud, measured("functional"))).agreement
    assert (found.weights, found.weights_of) == (4e-7, "class arm's state")
    assert (found.train_loss, found.metrics, found.verdict) == (3e-7, 0.01, "agrees")


def test_a_cell_that_was_not_compared_with_one_device_has_no_agreement():
    assert summary_of((), cell=ONE).agreement is None


@pytest.mark.parametrize(
    ("policy", "optimizer", "tolerance"),
    [
        ("float32", "sgd", 1e-6),
        ("float32", "adam", 1e-5),
        ("float32", "adagrad", 1e-5),
        ("float64", "sgd", 1e-12),
        ("mixed_bfloat16", "sgd", 0.1),
        ("mixed_float16", "adam", 0.1),
    ],
)
def test_the_tolerance_follows_dtype_policy_and_optimizer(policy, optimizer, tolerance):
    cell = msgspec.structs.replace(TWO, dtype_policy=policy)
    trial = msgspec.structs.replace(made_trial(cell, 0), training=Training(epochs=1, optimizer=optimizer))
    assert tolerance_of(trial, rows=8 * 128) == tolerance


@pytest.mark.parametrize(
    ("training", "rows", "times"),
    [
        (Training(epochs=1, optimizer="sgd"), 128, 1),
        (Training(epochs=4, optimizer="sgd"), 8 * 128, 2),
        (Training(epochs=8, optimizer="sgd", steps=9), 10_000, 3),
    ],
)
def test_the_tolerance_grows_like_the_square_root_of_the_steps(training, rows, times):
    trial = msgspec.structs.replace(made_trial(TWO, 0), training=training)
    assert tolerance_of(trial, rows) == pytest.approx(times * 1e-6)


def test_where_rounding_alone_may_reach_a_fifth_nothing_is_judged():
    cell = msgspec.structs.replace(TWO, dtype_policy="mixed_bfloat16")
    summary = summary_of((measured("class", weights={"kernel": 0.5}), measured("functional")), cell=cell)
    assert (summary.agreement.verdict, summary.agreement.weights, summary.verdict) == ("not judged", 0.5, "identical")


def test_replicas_are_judged_however_wide_the_tolerance():
    cell = msgspec.structs.replace(TWO, dtype_policy="mixed_bfloat16")
    summary = summary_of((measured("class", replicas={"state": 0.25}), measured("functional")), cell=cell)
    assert summary.agreement.verdict == "differs"


def test_the_steps_are_those_of_the_rows_that_were_used():
    run = run_of((measured("class"), measured("functional")))
    (evidence,) = run.evidence
    fewer = msgspec.structs.replace(evidence, trial=msgspec.structs.replace(evidence.trial, rows=128))
    plan = msgspec.structs.replace(run.plan, trials=(fewer.trial,))
    assert analyse(msgspec.structs.replace(run, evidence=(fewer,), plan=plan))[0].agreement.tolerance == 1e-5


def test_a_weight_beyond_the_tolerance_makes_the_cell_different_at_level_distribution():
    summary = summary_of((measured("class", weights={"state": 0.25}), measured("functional")))
    assert (summary.verdict, summary.level, summary.trained) == ("different", "distribution", "identical")
    assert summary.sentence == (
        "Under mirrored(2), the class arm's state is 0.25 away from what it is on one device "
        "(relative; tolerance 2.5e−5). Arm against arm: "
        "Bitwise identical over 1 seed: weights, losses and metrics of the trained arms."
    )


def test_a_loss_beyond_the_tolerance_is_a_difference_too():
    summary = summary_of((measured("class", loss=0.5), measured("functional")))
    assert summary.verdict == "different"
    assert "the training loss is 0.5 away" in summary.sentence


def test_metrics_are_shown_and_not_judged():
    summary = summary_of((measured("class", metric=0.5), measured("functional")))
    assert (summary.agreement.metrics, summary.verdict) == (0.5, "identical")


def test_any_difference_between_replicas_is_a_difference():
    summary = summary_of((measured("class", replicas={"kernel": 0.0, "state": 1e-12}), measured("functional")))
    assert (summary.agreement.verdict, summary.level) == ("differs", "distribution")
    assert "replicas hold different numbers in the class arm's state, up to 1e−12 apart" in summary.sentence


def test_asynchronous_steps_are_shown_and_not_judged():
    summary = summary_of((measured("class", weights={"state": 0.25}), measured("functional")), cell=ASYNC)
    assert (summary.agreement.verdict, summary.agreement.weights, summary.verdict) == ("not judged", 0.25, "identical")


def test_a_data_set_of_unknown_size_is_refused():
    run = run_of((measured("class"), measured("functional")))
    with pytest.raises(EvidenceError, match="how many examples ucr has"):
        analyse(msgspec.structs.replace(run, data=()))


def test_a_family_says_that_the_strategy_changes_its_arms():
    apart = run_of((measured("class", weights={"state": 0.25}), measured("functional")))
    alone = made_evidence(0, 0.0, cell=ONE, same_bits=True)
    plan = msgspec.structs.replace(apart.plan, trials=(*apart.plan.trials, alone.trial), cells=(*apart.plan.cells, ONE))
    run = msgspec.structs.replace(apart, evidence=(*apart.evidence, alone), plan=plan)
    (family,) = summarise_families(analyse(run))
    assert (family.verdict, family.sentence) == (
        "different",
        "functional trained the same as class, but the strategy changes them in 1 of 2 cells: under mirrored(2), "
        "the class arm's state is 0.25 away from what it is on one device (relative; tolerance 2.5e−5).",
    )


def test_a_family_whose_arms_differ_says_that_first():
    off = (measured("class", weights={"state": 0.25}), measured("functional"))
    (family,) = summarise_families([summary_of(off, off, difference=0.25)])
    assert family.sentence.startswith("functional differs from class in the one cell: accuracy by +0.25")
