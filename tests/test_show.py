from pipeline import show
from pipeline.plan.estimate import Estimate
from pipeline.records import Capacity, Cell, Plan, Profile, Resources, Strategy, Training, TrainTrial


def test_a_plan_says_how_many_processes_of_a_gang_hold_how_much(capsys):
    cell = Cell("lookup", "class", "functional", "ratings", Strategy("parameter_server", workers=2, ps=1))
    trial = TrainTrial("t", cell, 0, Training(), {}, Profile(), Resources(cpus=0.5, processes=4))
    show.plan(Plan((trial,), (), ("ratings",), (cell,)), Estimate(1, 1.0, 1.0), Capacity(cpus=2.0))
    assert "4 × 0.5" in capsys.readouterr().out
