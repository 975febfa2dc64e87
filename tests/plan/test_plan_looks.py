from dataclasses import replace

import pytest

from pipeline import plan
from pipeline.plan.estimate import Estimate
from pipeline.records import Capacity, TrainTrial


@pytest.fixture
def looking(config):
    return replace(config, looks=[1, 3])


def seeds_by_cell(made):
    found = {}
    for trial in made.trials:
        if isinstance(trial, TrainTrial):
            found.setdefault(trial.cell, []).append(trial.seed)
    return found


def test_a_plan_starts_with_the_seeds_of_the_first_look(looking, inventory):
    made = plan.make(looking, inventory, Capacity(cpus=4.0))
    assert set(map(tuple, seeds_by_cell(made).values())) == {(0,)}


def test_a_plan_grows_by_the_seeds_of_the_next_look_of_the_cells_named(looking, inventory):
    made = plan.make(looking, inventory, Capacity(cpus=4.0))
    first, *others = made.cells
    grown = seeds_by_cell(plan.grow(made, looking, inventory, 1, [first]))
    assert grown[first] == [0, 1, 2]
    assert {tuple(grown[cell]) for cell in others} == {(0,)}


def test_a_seed_has_the_same_trial_id_with_looks_and_without(config, looking, inventory):
    grown = plan.make(looking, inventory, Capacity(cpus=4.0))
    grown = plan.grow(grown, looking, inventory, 1, grown.cells)
    at_once = plan.make(config, inventory, Capacity(cpus=4.0))
    assert {trial.id for trial in grown.trials} == {trial.id for trial in at_once.trials}


def test_a_rehearsal_has_no_looks(looking):
    assert (plan.dry(looking).seeds, plan.dry(looking).looks) == ([0], [])


def test_the_budget_has_the_seeds_of_every_look(config, looking, inventory):
    first = plan.make(looking, inventory, Capacity(cpus=4.0))
    at_once = plan.make(config, inventory, Capacity(cpus=4.0))
    assert len(first.trials) < len(plan.budget(first, looking, inventory).trials) == len(at_once.trials)


def test_an_estimate_names_the_least_and_the_most():
    assert Estimate(10, 60.0, 40.0, most=Estimate(40, 240.0, 130.0)).sentence == (
        "10 trials, about 40 s here (60 s of work; a rough estimate); where no look decides, at most "
        "40 trials, about 2 min here (4 min of work; a rough estimate)"
    )
