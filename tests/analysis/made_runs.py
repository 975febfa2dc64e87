"""Runs made from a few numbers, for tests of the analysis.  One metric, accuracy, unless said otherwise."""

from collections.abc import Mapping, Sequence

from pipeline.records import (
    ArmResult,
    Cell,
    Environment,
    Evidence,
    ExampleEvidence,
    ExampleTrial,
    ExcludedCell,
    Failure,
    Plan,
    Profile,
    Resources,
    Run,
    Stage,
    Strategy,
    TrainEvidence,
    Training,
    TrainTrial,
    Worker,
)

CELL = Cell("projection", "class", "functional", "mnist_5k", Strategy("one_device"))
WORKER = Worker("host", 1, "CPU", {}, 0.0, 1.0, False)


def made_trial(cell: Cell, seed: int) -> TrainTrial:
    return TrainTrial(f"{cell.label}/{seed}", cell, seed, Training(), {}, Profile(), Resources())


def made_arm(
    style: str, metrics: Mapping[str, float], digest: str = "aa", loss: float = 0.5, lines: int = 9
) -> ArmResult:
    return ArmResult(style, metrics, (loss,), (next(iter(metrics.values())),), digest, 10, 10, lines, 0.1, 0.2, 100.0)


def made_evidence(
    seed: int, difference: float, *, cell: Cell = CELL, same_bits: bool = False, metric: str = "accuracy"
) -> TrainEvidence:
    """The class arm's metric is 0.5, the candidate's 0.5 plus the difference."""
    baseline = made_arm(cell.baseline, {metric: 0.5})
    candidate = made_arm(cell.candidate, {metric: 0.5 + difference}, digest="aa" if same_bits else "bb", lines=7)
    return TrainEvidence(made_trial(cell, seed), (baseline, candidate), (), WORKER)


def made_failure(seed: int, *, cell: Cell = CELL) -> Failure:
    return Failure(made_trial(cell, seed), "numeric", "the loss is not finite")


def made_example(example: str, stages: Sequence[Stage]) -> ExampleEvidence:
    trial = ExampleTrial(example, example, "keras", Profile(), Resources())
    return ExampleEvidence(trial, tuple(stages), 0, WORKER)


def made_run(
    evidence: Sequence[Evidence],
    *,
    seeds: Sequence[int] = (),
    failures: Sequence[Failure] = (),
    excluded: Sequence[ExcludedCell] = (),
    margins: Mapping[str, float] | None = None,
    cell: Cell = CELL,
) -> Run:
    """One cell with the given planned seeds, and whatever else the evidence is about."""
    trials = [made_trial(cell, seed) for seed in seeds]
    others = [item.trial for item in evidence if item.trial not in trials]
    cells = dict.fromkeys([cell, *(trial.cell for trial in others if isinstance(trial, TrainTrial))])
    return Run(
        name="made",
        config="",
        margins={"accuracy": 0.01} if margins is None else margins,
        plan=Plan((*trials, *others), tuple(excluded), ("mnist_5k",), tuple(cells)),
        evidence=tuple(evidence),
        failures=tuple(failures),
        environment=Environment(0.0, {}, "3.11", "Linux", "CPU", 2, 8.0, (), "", None, "parity run"),
        data=(),
    )
