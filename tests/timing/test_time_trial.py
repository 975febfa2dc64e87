"""Time trials on small made-up data, run for real."""

import msgspec
import numpy as np
import pytest
from small_data import digits, ratings, series

from pipeline import frontend
from pipeline.records import (
    PHASES,
    Cell,
    Evidence,
    Profile,
    Resources,
    Strategy,
    TimeTrial,
    Timing,
    Training,
)
from pipeline.store.kept import trace_of
from pipeline.timing import arms as timed
from pipeline.timing.programs import resident
from pipeline.timing.trial import time_cell
from pipeline.training import feed, strategy

PROFILE = Profile(frontend=frontend.NAME, logical_devices=4, threads=1)
DATA = {"projection": digits, "lookup": ratings, "stateful": series}
OPTIONS = {"projection": {"units": 6}, "lookup": {"width": 5}, "stateful": {"units": 4}}
SHORT = Timing(rounds=1, block_ms=1, warmup_seconds=0)


def trial(family="projection", over=Strategy("one_device"), process=1, **cell):  # noqa: B008  frozen
    about = Cell(family, "class", "functional", DATA[family]().name, over, PROFILE.frontend, **cell)
    training = Training(epochs=1, global_batch=16, dropout=0.25)
    return TimeTrial("t", about, process, 3, training, SHORT, OPTIONS[family], PROFILE, Resources())


@pytest.fixture(scope="module")
def first():
    """What process 0 of a cell found."""
    return time_cell(trial(process=0), digits())


def built(about):
    over = strategy.build(about.cell.strategy, PROFILE)
    dataset = DATA[about.cell.family]()
    element = next(feed.batches(dataset, about.training, about.seed, over, range(1)))
    return timed.build(about, dataset, over, resident(element, over))


def test_the_evidence_reads_back_from_json(first):
    assert msgspec.json.decode(msgspec.json.encode(first), type=Evidence) == first


def test_the_control_is_the_baseline_again(first):
    assert [arm.style for arm in first.arms] == ["class", "functional", "class"]


def test_every_phase_has_its_round_of_blocks(first):
    assert [[block.arm for block in first.phases[phase].blocks] for phase in PHASES] == [[0, 1, 2, 2, 1, 0]] * 2


def test_parameters_are_counted(first):
    assert [arm.parameters for arm in first.arms] == [12 * 6 + 6 + 6 * 3 + 3] * 3


def test_the_first_process_tells_what_the_programs_cost(first):
    assert first.arms[0].programs["forward"].flops >= 2 * 16 * (12 * 6 + 6 * 3)
    assert first.arms[0].programs["step"].flops > first.arms[0].programs["forward"].flops


def test_a_trace_of_each_arm_is_kept_where_it_is_asked_for():
    asked = msgspec.structs.replace(trial(), timing=Timing(rounds=1, block_ms=1, warmup_seconds=0, profile=True))
    found = time_cell(asked, digits()).kept

    assert set(found) == {trace_of("class"), trace_of("functional")}
    assert all(b"MatMul" in trace for trace in found.values())


def test_no_trace_is_kept_unasked(first):
    assert first.kept == {}


def test_other_processes_leave_the_programs_out():
    assert [arm.programs for arm in time_cell(trial(process=1), digits()).arms] == [{}, {}, {}]


def test_the_input_is_measured_apart(first):
    assert first.input_examples_per_second > 0


def test_baseline_and_candidate_take_turns_at_being_first():
    places = [[arm.timing.position for arm in built(trial(process=process))] for process in (0, 1)]
    assert places == [[0, 1, 2], [1, 0, 2]]


def test_memory_is_told_of_the_first_arm():
    told = [arm.timing.peak_bytes is not None for arm in built(trial(process=1))]
    assert told == [False, True, False]


def test_all_arms_begin_with_the_same_weights():
    weights = [[np.array(variable) for variable in arm.arm.trainable] for arm in built(trial())]
    for other in weights[1:]:
        assert all(np.array_equal(one, two) for one, two in zip(weights[0], other, strict=True))


def test_a_call_takes_as_many_steps_as_it_is_told():
    arm = built(trial())[0]
    before = int(np.array(arm.programs["step"]._done))
    arm.programs["step"](7)
    assert arm.programs["step"]._done == before + 7


def test_training_steps_train():
    arm = built(trial())[0]
    losses = [arm.programs["step"](20) for _ in range(5)]
    assert losses[-1] < losses[0]


def test_forward_passes_do_not_train():
    arm = built(trial())[0]
    before = [np.array(variable) for variable in arm.arm.variables]
    arm.programs["forward"](5)
    assert all(np.array_equal(old, np.array(new)) for old, new in zip(before, arm.arm.variables, strict=True))


def test_a_forward_call_sums_what_its_steps_give():
    program = built(trial())[0].programs["forward"]
    assert program(6) == pytest.approx(6 * program(1), rel=1e-6)


@pytest.mark.parametrize("family", ["lookup", "stateful"])
def test_every_kind_of_input_can_be_timed(family):
    assert set(time_cell(trial(family), DATA[family]()).phases) == set(PHASES)


@pytest.mark.parametrize("over", [Strategy(), Strategy("mirrored", 2), Strategy("central_storage", 2)])
def test_every_strategy_of_one_process_can_be_timed(over):
    assert all(arm.programs["step"](2) > 0 for arm in built(trial(over=over)))


def test_a_compiled_cell_can_be_timed():
    assert all(arm.programs["step"](2) > 0 for arm in built(trial(jit=True)))
