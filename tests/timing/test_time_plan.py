"""Which cells are timed, in which trials."""

import msgspec
import pytest

from pipeline import plan
from pipeline.config import Experiment
from pipeline.records import Capacity, Node, Strategy, TimeTrial, Timing, Training

MARGINS = {"accuracy": 0.01}
HERE = Capacity(2.0)


def config(**changes):
    usual = {
        "data": ["digits"],
        "strategies": [Strategy("one_device"), Strategy("mirrored", 2)],
        "train": Training(global_batch=100),
        "margins": MARGINS,
        "timing": Timing(processes=3),
    }
    return Experiment(**{**usual, **changes})


def time_trials(made):
    return [trial for trial in made.trials if isinstance(trial, TimeTrial)]


def test_nothing_is_timed_unless_asked_for(inventory):
    made = plan.make(config(timing=Timing()), inventory, HERE)
    assert (time_trials(made), made.untimed) == ([], ())


def test_every_cell_is_timed_in_every_process(inventory):
    found = time_trials(plan.make(config(), inventory, HERE))
    assert [(trial.process, trial.cell.strategy.name) for trial in found] == [
        (process, name) for process in range(3) for name in ("one_device", "mirrored")
    ]


def test_time_trials_come_last(inventory):
    kinds = [isinstance(trial, TimeTrial) for trial in plan.make(config(), inventory, HERE).trials]
    assert kinds == sorted(kinds)


@pytest.mark.parametrize("name", ["mirrored", "mirrored(2)"])
def test_strategies_are_chosen_by_name_or_label(inventory, name):
    found = time_trials(plan.make(config(timing=Timing(3, [name])), inventory, HERE))
    assert {trial.cell.strategy.name for trial in found} == {"mirrored"}


def test_a_time_trial_takes_all_cpus_of_the_largest_node(inventory):
    there = Capacity(20.0, nodes=(Node(4.0), Node(16.0)))
    assert {trial.resources.cpus for trial in time_trials(plan.make(config(), inventory, there))} == {16.0}


def test_ids_do_not_depend_on_the_machine(inventory):
    small, large = (plan.make(config(), inventory, Capacity(cpus)) for cpus in (2.0, 64.0))
    assert [trial.id for trial in small.trials] == [trial.id for trial in large.trials]


def test_ids_do_not_depend_on_how_many_processes_there_are(inventory):
    few, many = (time_trials(plan.make(config(timing=Timing(processes)), inventory, HERE)) for processes in (3, 5))
    assert [trial.id for trial in few] == [trial.id for trial in many][: len(few)]


def test_every_process_of_a_cell_has_an_id_of_its_own(inventory):
    found = time_trials(plan.make(config(), inventory, HERE))
    assert len({trial.id for trial in found}) == len(found) == 6


def test_ids_depend_on_the_code_that_times(inventory):
    before, after = (
        time_trials(plan.make(config(), msgspec.structs.replace(inventory, timer=timer), HERE)) for timer in "ab"
    )
    assert before[0].id != after[0].id


def test_training_has_the_same_ids_with_and_without_timing(inventory):
    plain, timed = (plan.make(config(timing=Timing(processes)), inventory, HERE).trials for processes in (0, 3))
    assert [trial.id for trial in timed][: len(plain)] == [trial.id for trial in plain]


def test_a_gang_is_not_timed_and_the_plan_says_why(inventory):
    gang = Strategy("multi_worker_mirrored", workers=2)
    made = plan.make(config(strategies=[gang]), inventory, HERE)
    assert (time_trials(made), [cell.reason for cell in made.untimed]) == (
        [],
        ["both arms are timed in one process, and this strategy takes several"],
    )


def test_fit_is_not_timed_and_the_plan_says_why(inventory):
    made = plan.make(config(strategies=[Strategy()], loop=["fit"]), inventory, HERE)
    assert [cell.reason for cell in made.untimed] == [
        "a step of fit can't be told apart from its input and callbacks; time the cell with loop: custom"
    ]


def test_a_rehearsal_times_nothing(inventory):
    assert time_trials(plan.make(plan.dry(config()), inventory, HERE)) == []


def test_the_first_process_alone_is_profiled(inventory):
    found = time_trials(plan.make(config(timing=Timing(processes=3, profile=True)), inventory, HERE))
    assert {trial.process for trial in found if trial.timing.profile} == {0}
