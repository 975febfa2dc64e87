from dataclasses import replace

import pytest

from pipeline import plan
from pipeline.errors import ConfigError
from pipeline.plan.single import single
from pipeline.records import Capacity, TrainTrial

TWO_CPUS = Capacity(cpus=2)


def test_a_single_trial_is_planned_with_its_cell_and_data_alone(config, inventory):
    made = plan.make(config, inventory, TWO_CPUS)
    wanted = made.trials[4]
    alone = single(made, config, inventory, wanted.id)
    assert isinstance(wanted, TrainTrial)
    assert (alone.trials, alone.cells, alone.data) == ((wanted,), (wanted.cell,), (wanted.cell.data,))
    assert (alone.excluded, alone.untimed) == ((), ())


def test_a_trial_of_a_later_look_is_found_too(config, inventory):
    last = plan.make(config, inventory, TWO_CPUS).trials[2]
    looking = replace(config, looks=[1, 3])
    made = plan.make(looking, inventory, TWO_CPUS)
    assert last not in made.trials
    assert single(made, looking, inventory, last.id).trials == (last,)


def test_an_unknown_id_is_refused_with_the_remedy(config, inventory):
    made = plan.make(config, inventory, TWO_CPUS)
    with pytest.raises(ConfigError, match=r"trial=nothing: no trial has this id; ids hold the source"):
        single(made, config, inventory, "nothing")
