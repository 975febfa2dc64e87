"""Trials of a synthetic run, and made-up evidence of them, for benchmarks.report_size.  The amount is real."""

import itertools

import msgspec
import numpy as np

from pipeline.records import (
    PHASES,
    ArmResult,
    ArmTiming,
    Block,
    Cell,
    Certificate,
    CertifyEvidence,
    CertifyTrial,
    Contention,
    DataInfo,
    Evidence,
    Finding,
    InputSpec,
    PhaseTiming,
    Profile,
    ProgramCost,
    Resources,
    Strategy,
    TimeEvidence,
    TimeTrial,
    Timing,
    TrainEvidence,
    Training,
    TrainTrial,
    Trial,
    WeightRole,
    Worker,
)

SEEDS, PROCESSES, FINDINGS, EPOCHS, WORKERS = 6, 3, 60, 5, 8
FAMILIES = tuple(f"family_{at:02}" for at in range(12))
DATA = (
    DataInfo("images", ("vectors",), "classification", "11" * 32, "none", "made up", 4000),
    DataInfo("ratings", ("vectors",), "rating", "22" * 32, "none", "made up", 80_000),
)
METRICS = {"images": {"accuracy": 0.93}, "ratings": {"rmse": 0.95, "auc": 0.76}}
STRATEGIES = (
    Strategy("one_device"),
    Strategy("mirrored", 2),
    Strategy("multi_worker_mirrored", workers=2),
    Strategy("parameter_server", workers=2, ps=1),
)
VERSIONS = {"keras": "3.15.1", "tensorflow": "2.21.0"}
TRAINING = Training(epochs=EPOCHS)


def trials(amount: int) -> list[Trial]:
    """Certificates, then seeds, then timings of every cell, as many as asked for."""
    cells = [
        Cell(family, "class", style, data.name, strategy, frontend, policy)
        for family, style, data, frontend, policy, strategy in itertools.product(
            FAMILIES,
            ("functional", "lambda"),
            DATA,
            ("keras", "tf_keras"),
            ("float32", "mixed_bfloat16", "float64"),
            STRATEGIES,
        )
    ]
    certify, rest = [cell for cell in cells if cell.strategy == STRATEGIES[0]], iter(range(10**6))
    made: list[Trial] = [
        CertifyTrial(_id(next(rest)), _certified(cell), {}, Profile(), Resources(), 300.0) for cell in certify
    ]
    for cell in cells:
        made += [TrainTrial(_id(next(rest)), cell, s, TRAINING, {}, Profile(), Resources()) for s in range(SEEDS)]
        made += [
            TimeTrial(_id(next(rest)), cell, p, 0, TRAINING, Timing(), {}, Profile(), Resources())
            for p in range(PROCESSES)
        ]
    return made[:amount]


def evidence(trial: Trial, at: int, rng: np.random.Generator) -> Evidence:
    """Made up: the lambda arm is a little worse and slower."""
    warm = at >= WORKERS and not isinstance(trial, TimeTrial)
    worker = Worker(f"host-{at % WORKERS}", 4000, "CPU", VERSIONS, 1.75e9 + at // WORKERS * 4.0, 3.8, warm)
    if isinstance(trial, CertifyTrial):
        return CertifyEvidence(trial, _certificate(trial.cell), worker)
    if isinstance(trial, TimeTrial):
        return _timing(trial, worker, rng)
    roles = (WeightRole("kernel", (784, 64), "a/kernel", "b/kernel"), WeightRole("bias", (64,), "a/bias", "b/bias"))
    arms = (_arm(trial.cell, trial.cell.baseline, rng), _arm(trial.cell, trial.cell.candidate, rng))
    return TrainEvidence(trial, arms, roles, worker)


def _id(at: int) -> str:
    return f"{at:016x}"


def _certified(cell: Cell) -> Cell:
    return msgspec.structs.replace(cell, strategy=Strategy())


def _certificate(cell: Cell) -> Certificate:
    loud = Finding("lifecycle", "save and load", "loud", "the lambda arm raises ValueError on load", seconds=0.1)
    same = [
        Finding(level, f"check {at}", "same", f"both arms give the same in check {at}, to the bit", seconds=0.05)
        for at, level in zip(range(FINDINGS), itertools.cycle(("values", "gradient", "update", "lifecycle")))
    ]
    apart = cell.candidate == "lambda"
    return Certificate(
        verdict="identical",
        level="",
        sentence=f"{cell.candidate} gives what {cell.baseline} gives.",
        baseline=cell.baseline,
        candidate=cell.candidate,
        inputs=(InputSpec((784,)),),
        weight_map=(),
        findings=(*same, loud) if apart else tuple(same),
        proof=None,
        lifecycle=(loud,) if apart else (),
        left_out=(),
        settings={"seed": 0},
        versions=VERSIONS,
        seconds=4.0,
    )


def _arm(cell: Cell, style: str, rng: np.random.Generator) -> ArmResult:
    metrics = {name: value + float(rng.normal(0, 0.002)) for name, value in METRICS[cell.data].items()}
    return ArmResult(
        style=style,
        metrics=metrics,
        train_loss=tuple(float(value) for value in np.linspace(0.9, 0.4, EPOCHS) + rng.normal(0, 0.01, EPOCHS)),
        held_out=tuple(float(value) for value in np.linspace(0.8, 1.0, EPOCHS) * next(iter(metrics.values()))),
        weights_digest=rng.bytes(32).hex(),
        parameters=50_890,
        trainable_parameters=50_890,
        source_lines=14,
        build_seconds=0.4,
        train_seconds=1.2,
        examples_per_second=16_000.0,
    )


def _timing(trial: TimeTrial, worker: Worker, rng: np.random.Generator) -> TimeEvidence:
    step_us = (100.0, 105.0 if trial.cell.candidate == "lambda" else 100.0, 100.0)
    arms = tuple(
        ArmTiming(style, at, 50_890, 0.1, dict.fromkeys(PHASES, 0.2), dict.fromkeys(PHASES, 0.5), None, PROGRAMS)
        for at, style in enumerate((trial.cell.baseline, trial.cell.candidate, trial.cell.baseline))
    )
    phases = {phase: _phase(step_us, rng) for phase in PHASES}
    return TimeEvidence(trial, (arms[0], arms[1], arms[2]), phases, 4e5, QUIET, "made up", worker)


def _phase(step_us: tuple[float, ...], rng: np.random.Generator) -> PhaseTiming:
    blocks = [
        Block(arm, tuple(float(us) for us in step_us[arm] * np.exp(rng.normal(0, 0.005, 5))))
        for arm in (0, 1, 2, 2, 1, 0) * 4
    ]
    return PhaseTiming(50, True, 0.5, 0, tuple(blocks))


PROGRAMS = {phase: ProgramCost(10**6, 10**5, 10**4) for phase in PHASES}
QUIET = Contention(0.5, 0.5, 0.0, 0.0, 0, 0, ())
