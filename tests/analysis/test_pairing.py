import msgspec
import numpy as np
import pytest
from made_runs import made_arm, made_evidence, made_failure, made_run

from pipeline.analysis.pairing import EvidenceError, metrics_in_order, pair


def test_both_arms_are_aligned_by_seed_whatever_the_order_of_evidence():
    run = made_run([made_evidence(seed, seed / 100) for seed in (2, 0, 1)], seeds=(0, 1, 2))
    np.testing.assert_allclose(pair(run)[0].metrics[0].difference_S, [0.0, 0.01, 0.02])


def test_failed_and_unfinished_seeds_are_told_apart():
    paired = pair(made_run([made_evidence(0, 0.0)], seeds=(0, 1, 2), failures=[made_failure(1)]))[0]
    assert (paired.seeds, paired.failed, paired.unfinished) == ((0,), (1,), (2,))


def test_evidence_outweighs_an_earlier_failure_of_the_same_trial():
    paired = pair(made_run([made_evidence(0, 0.0)], seeds=(0,), failures=[made_failure(0)]))[0]
    assert (paired.seeds, paired.failed) == ((0,), ())


def test_evidence_of_a_trial_that_is_not_planned_is_left_out():
    run = made_run([made_evidence(0, 0.0)], seeds=(0,))
    stale = msgspec.structs.replace(run.evidence[0], trial=msgspec.structs.replace(run.evidence[0].trial, id="old"))
    run = msgspec.structs.replace(run, evidence=(*run.evidence, stale))
    assert pair(run)[0].seeds == (0,)


def test_a_pair_that_lacks_an_arm_is_refused():
    found = made_evidence(0, 0.0)
    lame = msgspec.structs.replace(found, arms=(found.arms[0], found.arms[0]))
    with pytest.raises(EvidenceError, match=r"arms are \('class', 'class'\)"):
        pair(made_run([lame]))


def test_a_pair_with_different_metrics_is_refused():
    found = made_evidence(0, 0.0)
    lame = msgspec.structs.replace(found, arms=(found.arms[0], made_arm("functional", {"rmse": 1.0})))
    with pytest.raises(EvidenceError, match="metrics"):
        pair(made_run([lame]))


def bitwise(**changed: object) -> bool:
    found = made_evidence(0, 0.0, same_bits=True)
    candidate = msgspec.structs.replace(found.arms[1], **changed)
    return pair(made_run([msgspec.structs.replace(found, arms=(found.arms[0], candidate))]))[0].bitwise


def test_arms_with_the_same_digest_losses_and_metrics_are_bitwise_equal():
    assert bitwise()


@pytest.mark.parametrize(
    "changed",
    [
        {"weights_digest": "bb"},
        {"train_loss": (0.5 + 2**-53,)},
        {"held_out": (0.5 + 2**-53,)},
        {"metrics": {"accuracy": float(np.nextafter(0.5, 1))}},
    ],
)
def test_one_bit_in_any_part_of_the_result_is_a_difference(changed):
    assert not bitwise(**changed)


def test_zero_and_negative_zero_are_not_the_same_bits():
    found = made_evidence(0, 0.0, same_bits=True)
    arms = tuple(
        msgspec.structs.replace(arm, train_loss=(zero,)) for arm, zero in zip(found.arms, (0.0, -0.0), strict=True)
    )
    assert not pair(made_run([msgspec.structs.replace(found, arms=arms)]))[0].bitwise


def test_a_cell_without_evidence_is_not_bitwise_equal():
    assert not pair(made_run([], seeds=(0,)))[0].bitwise


def test_the_primary_metric_comes_first_whatever_the_order_of_the_record():
    assert metrics_in_order(made_arm("class", {"other": 1.0, "auc": 0.7, "rmse": 0.9})) == ("rmse", "auc", "other")
