"""Hand-made train trials with their evidence, for the TensorBoard tests."""

from collections.abc import Callable

import numpy as np
import pytest
import time_evidence
from certificates import certificate
from msgspec import structs
from tensorboard.compat.proto.graph_pb2 import GraphDef
from tensorboard.compat.proto.node_def_pb2 import NodeDef

from pipeline.records import (
    ArmResult,
    Cell,
    CertifyEvidence,
    CertifyTrial,
    Environment,
    Plan,
    Profile,
    Resources,
    Run,
    Strategy,
    TimeEvidence,
    TrainEvidence,
    Training,
    TrainTrial,
    Worker,
)
from pipeline.store import kept
from pipeline.store.weights import digest, pack

CELL = Cell("lookup", "class", "functional", "ratings", Strategy("mirrored", 2))


def _arm(style: str, losses: tuple[float, float] = (1.0, 0.5)) -> ArmResult:
    return ArmResult(style, {"rmse": 0.75, "auc": 0.5}, losses, (1.25, 0.75), "", 1, 1, 1, 0.1, 1.0, 10.0, 16.0, True)


def _evidence(seed: int, baseline: tuple[float, float], candidate: tuple[float, float]) -> TrainEvidence:
    trial = TrainTrial(f"t{seed}", CELL, seed, Training(global_batch=8, learning_rate=0.5), {}, Profile(), Resources())
    worker = Worker("h", 1, "cpu", {}, 100.0, 10.0, False)
    return TrainEvidence(trial, (_arm("class", baseline), _arm("functional", candidate)), (), worker)


@pytest.fixture
def evidence() -> TrainEvidence:
    """Of seed 3."""
    return _evidence(3, (1.0, 0.5), (1.0, 0.5))


@pytest.fixture
def with_weights(evidence: TrainEvidence) -> TrainEvidence:
    """Of seed 3, both arms with the same table of 3 rows."""
    weights = {"table": np.arange(6, dtype=np.float32).reshape(3, 2), "head/bias": np.zeros(1, np.float32)}
    arms = tuple(structs.replace(arm, weights_digest=digest(weights)) for arm in evidence.arms)
    return structs.replace(evidence, arms=arms, weights=pack({arm.style: weights for arm in arms}))


@pytest.fixture
def with_kept(with_weights: TrainEvidence) -> TrainEvidence:
    """Of seed 3, with two epochs' histograms of one weight, and a graph of one operation."""
    halves = np.array([[0.0, 1.0, 4.0], [1.0, 2.0, 2.0]])
    histograms = {style: {"gradients/table": np.stack([halves, 2 * halves])} for style in ("class", "functional")}
    graph = GraphDef(node=[NodeDef(name="looked_up", op="ResourceGather")]).SerializeToString()
    files = {kept.HISTOGRAMS: pack(histograms), kept.graph_of("class"): graph, kept.graph_of("functional"): graph}
    return structs.replace(with_weights, kept=files)


@pytest.fixture
def timed() -> TimeEvidence:
    """Of process 0, whose functional arm takes a tenth longer, with a trace of each arm."""
    return time_evidence.evidence(0, kept={kept.trace_of(style): b"seen" for style in ("class", "functional")})


@pytest.fixture
def three_seeds() -> tuple[TrainEvidence, ...]:
    """Training losses at the end: class 1, 2, 6 and functional 2, 4, 9."""
    ends = ((1.0, 2.0), (2.0, 4.0), (6.0, 9.0))
    return tuple(_evidence(seed, (8.0, of_class), (8.0, other)) for seed, (of_class, other) in enumerate(ends))


@pytest.fixture
def certified() -> CertifyEvidence:
    """The cell's arms are identical."""
    trial = CertifyTrial("c1", CELL, {}, Profile(), Resources(), 60.0)
    return CertifyEvidence(trial, certificate("identical"), Worker("h", 1, "cpu", {}, 100.0, 10.0, False))


@pytest.fixture
def run_of() -> Callable[..., Run]:
    """A run with this evidence and nothing else."""

    def make(*found: TrainEvidence | CertifyEvidence | TimeEvidence) -> Run:
        cells = tuple(dict.fromkeys(item.trial.cell for item in found)) or (CELL,)
        plan = Plan(tuple(item.trial for item in found), (), ("ratings",), cells)
        margins = {"rmse": 0.1, "auc": 0.1}
        environment = Environment(0.0, {}, "3.11", "linux", "cpu", 2, 4.0, (), "", None, "")
        return Run("made", "", margins, plan, found, (), environment, ())

    return make
