"""What works on this machine, found out by doing it: a few training steps under each strategy and frontend, on Ray."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from typing import cast

import msgspec
import numpy as np
from msgspec import convert

from pipeline import inventory, plan
from pipeline.analysis.agreement import tolerance_of
from pipeline.cluster.capacity import capacity
from pipeline.cluster.ray_executor import execute
from pipeline.config import Experiment, ResourcesConfig
from pipeline.config.schema import LOOPS, STRATEGY_DEFAULTS
from pipeline.data.listing import listing
from pipeline.environment import capture
from pipeline.errors import ParityError
from pipeline.plan.support import STRATEGIES
from pipeline.records import (
    FRONTENDS,
    Capacity,
    Cell,
    Check,
    DataInfo,
    Dataset,
    Examples,
    ExcludedCell,
    Failure,
    GangLimits,
    Plan,
    Strategy,
    TrainEvidence,
    Training,
    TrainTrial,
)

PROBE = DataInfo("probe", ("vectors",), "classification", fingerprint="", licence="", citation="", rows=32)
# A gang that does not work here should not be waited for as long as a run would.
LIMITS = GangLimits(placement_seconds=15, start_seconds=30, stall_seconds=15, restarts=0)


def examine(address: str | None = None) -> Iterator[Check]:
    """Yields each finding as it is made; the probes take a few seconds each, most of it the start of TensorFlow."""
    there = capacity(address)
    environment = capture(there)
    yield Check("python", None, f"{environment.python} on {environment.platform}")
    yield Check("processor", None, f"{environment.cpu}, {environment.cores} cores, {environment.memory_gib:g} GiB")
    yield Check("cluster" if address else "devices", None, ", ".join(environment.devices))
    for name, version in environment.versions.items():
        yield Check(name, version != "absent", version)
    made = _everything(there)
    yield from _probes(_probed(made), address)
    yield from _unable(made.excluded)
    for row in listing():
        yield Check(f"data {row.name}", row.state != "corrupt", _STATES[row.state])


def _everything(there: Capacity) -> Plan:
    """Every strategy, frontend and loop, compiled and not, on next to no CPUs: whether it works, not how fast."""
    config = Experiment(
        name="doctor",
        data=[PROBE.name],
        strategies=[convert({"name": name, **STRATEGY_DEFAULTS.get(name, {})}, Strategy) for name in STRATEGIES],
        frontends=[*FRONTENDS],
        loop=[*LOOPS],
        jit=[False, True],
        seeds=[0],
        certify=False,
        train=Training(epochs=1, global_batch=8, steps=2, optimizer="sgd", learning_rate=0.1),
        margins={"accuracy": 1.0},
        resources=ResourcesConfig(cpus_per_device=0.01, gpus_per_device=min(1.0, there.gpus)),
    )
    stock = msgspec.structs.replace(inventory.take(), data={PROBE.name: PROBE})
    return plan.make(config, stock, there, where="doctor")


def _probed(made: Plan) -> dict[str, TrainTrial]:
    """Each strategy once, by what it is called: with our own loop, which all of them have, not compiled."""
    return {
        _setting(trial.cell): trial
        for trial in made.trials
        if isinstance(trial, TrainTrial) and (trial.cell.loop, trial.cell.jit) == ("custom", False)
    }


def _probes(probed: Mapping[str, TrainTrial], address: str | None) -> Iterator[Check]:
    names = {trial.id: name for name, trial in probed.items()}
    outcomes = execute(list(probed.values()), {PROBE.name: _dataset()}, address=address, limits=LIMITS)
    try:
        with closing(outcomes):
            for outcome in outcomes:
                yield _check(names[outcome.trial.id], cast(TrainEvidence | Failure, outcome))
    except ParityError as error:
        yield Check("ray", False, str(error))


def _check(name: str, outcome: TrainEvidence | Failure) -> Check:
    if isinstance(outcome, Failure):
        return Check(name, False, f"{outcome.category}: {outcome.message}")
    if off := _off(outcome):
        return Check(name, False, f"trains, but {off:.1e} away from one device")
    return Check(name, True, f"trains as one device does, in {outcome.worker.seconds:.1f} s")


def _off(evidence: TrainEvidence) -> float:
    """The largest difference from one device, or between replicas, if it is more than rounding; else 0."""
    off = max((max(*found.weights.values(), found.train_loss) for found in evidence.agreement), default=0.0)
    apart = max((gap for found in evidence.agreement for gap in found.replicas.values()), default=0.0)
    return max(off, apart) if apart or off > tolerance_of(evidence.trial, PROBE.rows) else 0.0


def _unable(excluded: Sequence[ExcludedCell]) -> Iterator[Check]:
    """One finding for each reason, with all that it holds for."""
    by_reason: dict[tuple[str, str], list[Cell]] = {}
    for found in excluded:
        by_reason.setdefault((found.verdict, found.reason), []).append(found.cell)
    for (verdict, reason), cells in by_reason.items():
        yield Check(f"{verdict}: {'; '.join(_settings(cells))}", None, reason)


def _settings(cells: Sequence[Cell]) -> Iterator[str]:
    """Each cell's, without the frontend where it is there under all of them."""
    frontends: dict[Cell, list[str]] = {}
    for cell in cells:
        frontends.setdefault(msgspec.structs.replace(cell, frontend=""), []).append(cell.frontend)
    for cell, names in frontends.items():
        for name in [""] if len(names) == len(FRONTENDS) else names:
            yield _setting(msgspec.structs.replace(cell, frontend=name))


def _setting(cell: Cell) -> str:
    """`mirrored(2), tf_keras, jit fit`."""
    how = " ".join(["jit"] * cell.jit + ["fit"] * (cell.loop == "fit"))
    return ", ".join(part for part in (cell.strategy.label, cell.frontend, how) if part)


def _dataset() -> Dataset:
    rng = np.random.default_rng(0)
    vectors_NF = rng.normal(size=(PROBE.rows, 12)).astype(np.float32)
    classes_N = (np.arange(PROBE.rows) % 3).astype(np.int32)
    examples = Examples({"vectors": vectors_NF}, classes_N)
    return Dataset(PROBE.name, PROBE.task, examples, examples, outputs=3)


_STATES = {
    "ok": "here and verified",
    "missing": "not here: parity data fetch, or the first run, brings it",
    "corrupt": "damaged: parity data fetch replaces it",
    "generated": "made when a trial asks for it",
}
