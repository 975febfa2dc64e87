"""A large plan's trials don't all have curves of their own: TensorBoard could not load them."""

from collections import Counter

from pipeline.records import Cell, ExampleTrial, Plan, Profile, Resources, Strategy, Training, TrainTrial, Trial
from pipeline.tensorboard import chosen as module
from pipeline.tensorboard.chosen import chosen

CELLS = [Cell(family, "class", "functional", "digits", Strategy()) for family in ("a", "b", "c")]


def plan(seeds: int, *more: Trial) -> Plan:
    trials = [
        TrainTrial(f"{cell.family}{seed}", cell, seed, Training(), {}, Profile(), Resources())
        for cell in CELLS
        for seed in range(seeds)
    ]
    return Plan((*trials, *more), (), ("digits",), tuple(CELLS))


def test_all_of_a_small_plan_are_chosen():
    assert len(chosen(plan(5))) == 15


def test_each_cell_of_a_large_plan_has_as_many_first_seeds():
    found = chosen(plan(1000))
    assert Counter(identity[0] for identity in found) == {"a": 167, "b": 167, "c": 166}
    assert {int(identity[1:]) for identity in found} == set(range(167))


def test_trials_that_train_nothing_are_always_chosen(monkeypatch):
    monkeypatch.setattr(module, "MOST_TRIALS", 3)
    example = ExampleTrial("example", "complex_layer", "keras", Profile(), Resources())
    assert chosen(plan(2, example)) == {"a0", "b0", "c0", "example"}
