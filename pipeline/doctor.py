"""What works on this machine, found out by doing it: a few training steps under each strategy and frontend, on Ray."""

from collections.abc import Iterator
from itertools import product

import numpy as np

from pipeline.cluster.capacity import capacity
from pipeline.cluster.ray_executor import execute
from pipeline.data.listing import listing
from pipeline.environment import capture
from pipeline.errors import ParityError
from pipeline.plan.support import LAUNCHED, STRATEGIES, obstacle
from pipeline.records import (
    FRONTENDS,
    Capacity,
    Cell,
    Check,
    Dataset,
    Failure,
    Outcome,
    Profile,
    Resources,
    Strategy,
    Training,
    TrainTrial,
)

PROBE_REPLICAS = 2


def examine(address: str | None = None) -> Iterator[Check]:
    """Yields each finding as it is made; the probes take some ten seconds, most of it TensorFlow's start."""
    there = capacity(address)
    environment = capture(there)
    yield Check("python", None, f"{environment.python} on {environment.platform}")
    yield Check("processor", None, f"{environment.cpu}, {environment.cores} cores, {environment.memory_gib:g} GiB")
    yield Check("cluster" if address else "devices", None, ", ".join(environment.devices))
    for name, version in environment.versions.items():
        yield Check(name, version != "absent", version)
    yield from _strategies(there, address)
    for row in listing():
        yield Check(f"data {row.name}", row.state != "corrupt", _STATES[row.state])


def _strategies(there: Capacity, address: str | None) -> Iterator[Check]:
    cells = [_cell(frontend, name) for frontend, name in product(FRONTENDS, STRATEGIES)]
    obstacles = {cell: obstacle(cell, 0.0, there) for cell in cells}
    trials = [_probe(cell) for cell, found in obstacles.items() if not found]
    try:
        for outcome in execute(trials, {"probe": _dataset()}, address=address):
            yield _check(outcome)
    except ParityError as error:
        yield Check("ray", False, str(error))
    for cell, found in obstacles.items():
        if found and cell.frontend == FRONTENDS[0]:
            yield Check(cell.strategy.label, None, f"{found[0]}: {found[1]}")


def _check(outcome: Outcome) -> Check:
    trial = outcome.trial
    what = f"{trial.cell.strategy.label}, {trial.cell.frontend}" if isinstance(trial, TrainTrial) else trial.label
    if isinstance(outcome, Failure):
        return Check(what, False, f"{outcome.category}: {outcome.message}")
    return Check(what, True, f"trained both arms of a projection in {outcome.worker.seconds:.1f} s")


def _cell(frontend: str, strategy: str) -> Cell:
    devices = 1 if strategy in LAUNCHED[:2] else PROBE_REPLICAS
    return Cell("projection", "class", "functional", "probe", Strategy(strategy, devices), frontend)


def _probe(cell: Cell) -> TrainTrial:
    training = Training(epochs=1, global_batch=8, steps=2)
    profile = Profile(cell.frontend, logical_devices=PROBE_REPLICAS)
    return TrainTrial(f"probe-{cell.frontend}-{cell.strategy.name}", cell, 0, training, {}, profile, Resources())


def _dataset() -> Dataset:
    rng = np.random.default_rng(0)
    vectors_NF = rng.normal(size=(32, 12)).astype(np.float32)
    classes_N = (np.arange(32) % 3).astype(np.int32)
    return Dataset("probe", "classification", vectors_NF, classes_N, vectors_NF, classes_N, None, outputs=3)


_STATES = {
    "ok": "here and verified",
    "missing": "not here: parity data fetch, or the first run, brings it",
    "corrupt": "damaged: parity data fetch replaces it",
}
