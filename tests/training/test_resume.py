"""A trial that goes on from a snapshot ends with the bits of one that was never disturbed."""

import msgspec
import pytest
from synthetic import DATA, MIRRORED, ONE_DEVICE, make_trial

from pipeline.records import Strategy
from pipeline.training.kept import pack, unpack
from pipeline.training.monitor import BEGINNING
from pipeline.training.run import run


class Keeper:
    """Keeps all that a trial tells."""

    def __init__(self, resume=None, *, within=False):
        self.resume, self.snapshots, self.beats, self.within = resume, [], 0, within

    def beat(self):
        self.beats += 1

    def due(self, *, epoch_ended):
        return epoch_ended or self.within

    def keep(self, snapshot):
        self.snapshots.append(snapshot)


def ended(evidence):
    return [(arm.weights_digest, arm.train_loss, arm.held_out, dict(arm.metrics)) for arm in evidence.arms]


def whole_and_resumed(trial, family, at):
    keeper = Keeper()
    whole = run(trial, DATA[family](), keeper)
    snapshot = next(snapshot for snapshot in keeper.snapshots if snapshot.at == at)
    return whole, run(trial, DATA[family](), Keeper(snapshot))


@pytest.mark.fault("a trial is resumed after an epoch", "bitwise as if undisturbed")
@pytest.mark.parametrize("at", [(0, 1), (0, 2), (1, 1), (1, 2)])
def test_trial_resumed_after_any_epoch_ends_bitwise_the_same(at):
    whole, resumed = whole_and_resumed(make_trial("stateful"), "stateful", at)
    assert ended(resumed) == ended(whole)


@pytest.mark.parametrize("strategy", [Strategy(), MIRRORED, Strategy("central_storage", 2)], ids=lambda s: s.label)
@pytest.mark.parametrize("loop", ["custom", "fit"])
def test_trial_resumes_bitwise_under_every_strategy_of_one_process(strategy, loop):
    whole, resumed = whole_and_resumed(make_trial("lookup", strategy, cell={"loop": loop}), "lookup", (1, 1))
    assert ended(resumed) == ended(whole)


@pytest.mark.parametrize("policy", ["mixed_float16", "mixed_bfloat16"])
def test_fit_resumes_bitwise_under_mixed_precision(policy):
    trial = make_trial("projection", cell={"loop": "fit", "dtype_policy": policy})
    whole, resumed = whole_and_resumed(trial, "projection", (0, 1))
    assert ended(resumed) == ended(whole)


@pytest.mark.fault("a trial is resumed within an epoch", "bitwise as if undisturbed, under every strategy alone")
@pytest.mark.parametrize("strategy", [ONE_DEVICE, MIRRORED, Strategy("central_storage", 2)], ids=lambda s: s.label)
@pytest.mark.parametrize("place", [(0, 0, 2), (1, 1, 2)], ids=["first arm", "second arm"])
def test_trial_resumes_bitwise_in_the_middle_of_an_epoch_from_bytes(strategy, place):
    trial, keeper = make_trial("stateful", strategy, steps_per_call=2), Keeper(within=True)
    whole = run(trial, DATA["stateful"](), keeper)
    snapshot = next(kept for kept in keeper.snapshots if (*kept.at, kept.part.steps) == place)

    resumed = run(trial, DATA["stateful"](), Keeper(unpack(pack(snapshot))))

    assert ended(resumed) == ended(whole)


def test_fit_is_kept_between_epochs_only():
    keeper = Keeper(within=True)
    run(make_trial("lookup", cell={"loop": "fit"}, steps_per_call=2), DATA["lookup"](), keeper)
    assert {snapshot.part for snapshot in keeper.snapshots} == {BEGINNING}


@pytest.mark.parametrize("damage", [lambda b: b[:-30], lambda b: b[:0], lambda b: b[::-1], lambda b: b[:99] + b[199:]])
def test_snapshot_that_is_not_whole_is_none(damage):
    keeper = Keeper()
    run(make_trial("lookup", epochs=1), DATA["lookup"](), keeper)
    assert unpack(damage(pack(keeper.snapshots[0]))) is None


def test_resumed_trial_does_not_train_again_what_is_finished():
    first, trial = Keeper(), make_trial("lookup")
    run(trial, DATA["lookup"](), first)
    second = Keeper(first.snapshots[2])
    run(trial, DATA["lookup"](), second)
    assert [snapshot.at for snapshot in first.snapshots] == [(0, 1), (0, 2), (1, 1), (1, 2)]
    assert [snapshot.at for snapshot in second.snapshots] == [(1, 2)]


def test_trial_shows_progress_after_every_call_of_its_steps():
    keeper = Keeper()
    run(make_trial("lookup", ONE_DEVICE, steps_per_call=2), DATA["lookup"](), keeper)
    assert keeper.beats == 2 * 2 * 2  # arms, epochs, calls of two of four steps


def test_training_beside_it_on_one_device_shows_progress_and_keeps_nothing():
    keeper = Keeper()
    trial = msgspec.structs.replace(make_trial("lookup", MIRRORED, steps_per_call=4), agreement=True)
    run(trial, DATA["lookup"](), keeper)
    assert (keeper.beats, len(keeper.snapshots)) == (2 * 2 * 2, 4)
