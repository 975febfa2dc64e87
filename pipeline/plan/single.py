"""One trial out of a plan: to run it again."""

import msgspec

from pipeline.config import Experiment
from pipeline.errors import ConfigError
from pipeline.plan import budget
from pipeline.records import Cell, ExampleTrial, Inventory, Plan


def single(made: Plan, config: Experiment, inventory: Inventory, identity: str, where: str = "config") -> Plan:
    """The plan of this trial alone, of whatever look.  ConfigError if the config has none of that id."""
    made = budget(made, config, inventory)
    trial = next((trial for trial in made.trials if trial.id == identity), None)
    if trial is None:
        raise ConfigError(
            where,
            f"trial={identity}: no trial has this id",
            "ids hold the source, data and versions: take one of a report made here, with the same overrides",
        )
    cells: tuple[Cell, ...] = () if isinstance(trial, ExampleTrial) else (trial.cell,)
    data = tuple(cell.data for cell in cells)
    return msgspec.structs.replace(made, trials=(trial,), excluded=(), cells=cells, data=data, untimed=())
