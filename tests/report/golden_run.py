"""The golden run: synthetic, every number made by hand, so that each kind of verdict and row occurs once.

`python tests/report/golden_run.py` (from the repository's root) writes golden/run.json, the snapshots and the schema of
report.json again.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

from pipeline.analysis import analyse, answer_claims
from pipeline.records import (
    LESS_IS_BETTER,
    Agreement,
    ArmResult,
    Cell,
    DataInfo,
    Environment,
    ExampleEvidence,
    ExampleTrial,
    ExcludedCell,
    Failure,
    Plan,
    Profile,
    Published,
    PublishedFigure,
    PublishedOrder,
    Resources,
    Run,
    RunTiming,
    Stage,
    Strategy,
    TrainEvidence,
    Training,
    TrainTrial,
    WeightRole,
    Worker,
)
from pipeline.report import document, render

GOLDEN = Path(__file__).parent / "golden"
SCHEMA = Path(document.__file__).with_name("report.schema.json")
SNAPSHOTS = ("report.md", "report.json", "junit.xml")
VERSIONS = {"keras": "3.15.1", "ray": "2.60.0", "tensorflow": "2.21.0", "tf_keras": "2.21.0"}
ONE, TWO = Strategy("one_device"), Strategy("mirrored", 2)
ASYNC = Strategy("parameter_server", workers=2, ps=1, coordination="async")
SEEDS = (0, 1, 2, 3, 4)

FUNCTIONAL_ONE = Cell("projection", "class", "functional", "mnist_5k", ONE)
FUNCTIONAL_TWO = Cell("projection", "class", "functional", "mnist_5k", TWO)
LAMBDA_ONE = Cell("projection", "class", "lambda", "mnist_5k", ONE)
LOOKUP_ONE = Cell("lookup", "class", "functional", "movielens_100k", ONE)
LOOKUP_TWO = Cell("lookup", "class", "functional", "movielens_100k", TWO)
LOOKUP_ASYNC = Cell("lookup", "class", "functional", "movielens_100k", ASYNC, "tf_keras", loop="fit")
STATEFUL_ONE = Cell("stateful", "class", "functional", "ucr_anomaly_135", ONE)
STATEFUL_TWO = Cell("stateful", "class", "functional", "ucr_anomaly_135", TWO)

# Per cell: the metrics of the class arm by seed, and candidate minus baseline by seed.
BASELINES: Mapping[str, Mapping[str, Sequence[float]]] = {
    "projection": {"accuracy": (0.931, 0.928, 0.934, 0.930, 0.929)},
    "lookup": {"rmse": (0.951, 0.949, 0.953, 0.950, 0.952), "auc": (0.761, 0.763, 0.760, 0.762, 0.764)},
    "stateful": {
        "average_precision": (0.412, 0.405, 0.420, 0.408, 0.415),
        "forecast_mse": (0.0211, 0.0214, 0.0209, 0.0212, 0.0210),
    },
}
DIFFERENCES: Mapping[Cell, Mapping[str, Sequence[float]]] = {
    FUNCTIONAL_ONE: {"accuracy": (0.0, 0.0, 0.0, 0.0, 0.0)},
    FUNCTIONAL_TWO: {"accuracy": (0.001, -0.001, 0.0, 0.002, -0.001)},
    LAMBDA_ONE: {"accuracy": (-0.052, -0.049, -0.055, -0.050, -0.048)},
    LOOKUP_ONE: {"rmse": (4e-8, -6e-8, 1e-8, 3e-8, -2e-8), "auc": (0.0, 0.0, 0.0, 0.0, 0.0)},
    LOOKUP_TWO: {"rmse": (0.004, -0.009, 0.013, 0.002, 0.006), "auc": (0.001, -0.002, 0.001, 0.0, -0.001)},
    LOOKUP_ASYNC: {"rmse": (0.001, -0.002, 0.0, 0.001, -0.001), "auc": (0.0, 0.001, 0.0, 0.0, -0.001)},
    STATEFUL_ONE: {"average_precision": (0.0, 0.001, -0.002, 0.0, 0.001), "forecast_mse": (1e-6, 0.0, 2e-6, 0.0, 0.0)},
    STATEFUL_TWO: {"average_precision": (0.0, 0.0, 0.0, 0.0, 0.0), "forecast_mse": (0.0, 0.0, 0.0, 0.0, 0.0)},
}
# Per cell under a strategy: how far each arm's last weight and training loss ended from one device, and its replicas
# from each other.
AGREEMENTS: Mapping[Cell, tuple[float, float, Mapping[str, float]]] = {
    FUNCTIONAL_TWO: (3.2e-6, 4e-7, {"kernel": 0.0, "bias": 0.0}),
    LOOKUP_TWO: (3e-6, 2e-7, {"table": 0.0}),
    LOOKUP_ASYNC: (0.021, 0.004, {}),
    STATEFUL_TWO: (0.3125, 0.006, {"kernel": 0.0, "state": 0.25}),
}
GANG = tuple(f"golden-host:{pid}" for pid in (5000, 5001, 5002, 5003))
LINES = {
    "projection": {"class": 14, "functional": 6, "lambda": 5},
    "lookup": {"class": 12, "functional": 7},
    "stateful": {"class": 24, "functional": 31},
}
CODE = {
    "class": {"functions": 6, "complexity": 8, "overridden": ("Layer.__init__", "Layer.build", "Layer.call")},
    "functional": {"functions": 1, "complexity": 1},
    "lambda": {"functions": 1, "complexity": 1},
}
WEIGHTS = {
    "projection": (("kernel", (784, 64)), ("bias", (64,))),
    "lookup": (("table", (2625, 32)),),
    "stateful": (("kernel", (1, 16)), ("state", (1, 16))),
}
BROKEN_SEED = (STATEFUL_ONE, 3)
PUBLISHED = Published(
    figures=[
        PublishedFigure("projection", ["mnist_5k"], "accuracy", 0.935, 0.005, "Golden et al. (2020), table 1 | <b>"),
        PublishedFigure("stateful", ["ucr_anomaly_135"], "average_precision", 0.41, 0.01, "Golden et al. (2021)"),
    ],
    orders=[PublishedOrder(["projection", "lookup"], ["mnist_5k"], "accuracy", "Golden et al. (2020), table 2")],
)
EXAMPLES: Mapping[tuple[str, str], tuple[Stage, ...]] = {
    ("functional_lambda", "keras"): (
        Stage("build", False, "ValueError: Only instances of `keras.Layer` can be added to a Sequential model."),
    ),
    ("functional_lambda", "tf_keras"): (
        Stage("build", False, "TypeError: The added layer must be an instance of class Layer."),
    ),
    ("complex_layer", "keras"): (
        Stage("build", True, "50,890 parameters"),
        Stage("fit", True, "loss 0.41"),
        Stage("predict", True, "shape (8, 10)"),
        Stage("save", True, "example.keras"),
        Stage("load", False, "TypeError: Could not locate class 'ComplexLayer'."),
    ),
    ("captured_dense", "keras"): (
        Stage("build", True, ""),
        Stage("track", False, "the model uses 2 weights (50,240 numbers) that it does not list"),
        Stage("fit", True, ""),
        Stage("train", False, "fit moved the captured kernel by 0"),
        Stage("save", True, ""),
    ),
    ("stateful_layer", "keras"): (Stage("build", False, "ValueError: Cannot iterate over a shape with unknown rank."),),
}


def golden_run() -> Run:
    """The run, made again from the numbers above."""
    trials = [_trial(cell, seed) for cell in DIFFERENCES for seed in SEEDS]
    examples = [_example(name, frontend) for name, frontend in EXAMPLES]
    evidence = [_evidence(trial, at) for at, trial in enumerate(trials) if (trial.cell, trial.seed) != BROKEN_SEED]
    return Run(
        name="golden",
        config="name: golden\nseeds: [0, 1, 2, 3, 4]\nmargins: {accuracy: 0.01, rmse: 0.01}\n",
        margins={"accuracy": 0.01, "rmse": 0.01, "auc": 0.01, "average_precision": 0.05, "forecast_mse": 0.002},
        published=PUBLISHED,
        plan=Plan(
            trials=(*trials, *(found.trial for found in examples)),
            excluded=(
                ExcludedCell(
                    Cell("lookup", "class", "functional", "movielens_100k", ASYNC, loop="fit"),
                    "unsupported",
                    "Keras 3's fit does not know parameter servers: it asks for create_per_worker_dataset",
                ),
                ExcludedCell(
                    Cell("stateful", "class", "functional", "ucr_anomaly_135", Strategy("tpu", 8)),
                    "infeasible",
                    "TPUStrategy needs a TPU; none was found.",
                ),
            ),
            data=("mnist_5k", "movielens_100k", "ucr_anomaly_135"),
            cells=tuple(DIFFERENCES),
        ),
        evidence=(*evidence, *examples),
        failures=tuple(_failure(trial) for trial in trials if (trial.cell, trial.seed) == BROKEN_SEED),
        environment=ENVIRONMENT,
        data=DATA,
        timings=(RunTiming(1_750_000_000.0, 96.4, 7.9, 20, 0, 2.0), RunTiming(1_750_000_400.0, 41.2, 8.1, 14, 20, 2.0)),
    )


def _trial(cell: Cell, seed: int) -> TrainTrial:
    identity = f"{cell.family}-{cell.candidate}-{cell.strategy.label.strip(')').replace('(', '-')}-{seed}"
    return TrainTrial(identity, cell, seed, Training(epochs=3), {"units": 64}, Profile(), Resources())


def _evidence(trial: TrainTrial, at: int) -> TrainEvidence:
    cell = trial.cell
    baseline = {name: values[trial.seed] for name, values in BASELINES[cell.family].items()}
    shift = {name: values[trial.seed] for name, values in DIFFERENCES[cell].items()}
    candidate = {name: value + shift[name] for name, value in baseline.items()}
    same_bits = cell == FUNCTIONAL_ONE
    digests = ("aa" * 32, ("aa" if same_bits else "bb") * 32)
    roles = tuple(
        WeightRole(role, shape, f"{cell.family}/{role}", None if cell == LAMBDA_ONE else f"functional/{role}")
        for role, shape in WEIGHTS[cell.family]
    )
    return TrainEvidence(
        trial=trial,
        arms=(
            _arm(cell, cell.baseline, trial.seed, baseline, digests[0]),
            _arm(cell, cell.candidate, trial.seed, candidate, digests[1]),
        ),
        weight_map=roles,
        worker=_gang(at) if cell.strategy.is_gang else _worker(at),
        agreement=tuple(_agreement(cell, style, trial.seed) for style in (cell.baseline, cell.candidate))
        if cell in AGREEMENTS
        else (),
    )


def _agreement(cell: Cell, style: str, seed: int) -> Agreement:
    """The worst is the class arm's with seed 0."""
    weights, loss, replicas = AGREEMENTS[cell]
    share = 0.5 if seed or style != cell.baseline else 1.0
    roles = [role for role, _ in WEIGHTS[cell.family]]
    return Agreement(
        style=style,
        weights={role: share * weights * (1.0 if role == roles[-1] else 0.01) for role in roles},
        metrics=dict.fromkeys(DIFFERENCES[cell], share * loss),
        train_loss=share * loss,
        replicas={role: share * apart for role, apart in replicas.items()},
    )


def _arm(cell: Cell, style: str, seed: int, metrics: Mapping[str, float], digest: str) -> ArmResult:
    metric, primary = next(iter(metrics.items()))
    towards = (1.2, 1.05, 1.0) if metric in LESS_IS_BETTER else (0.9, 0.97, 1.0)
    parameters = 50_890 if cell.family == "projection" else 84_033
    return ArmResult(
        style=style,
        metrics=metrics,
        train_loss=(0.9 + seed / 100, 0.5 + seed / 100, 0.38 + seed / 100 + (style == "lambda") / 20),
        held_out=tuple(primary * factor for factor in towards),
        weights_digest=digest,
        parameters=parameters,
        trainable_parameters=650 if style == "lambda" else parameters,
        source_lines=LINES[cell.family][style],
        **CODE[style],
        build_seconds=0.4,
        train_seconds=1.2,
        examples_per_second=16_000.0,
        input_examples_per_second=20_000.0 if cell == LOOKUP_TWO and seed == 4 else 400_000.0,
        input_bound=cell == LOOKUP_TWO and seed == 4,
    )


def _worker(at: int) -> Worker:
    return Worker("golden-host", 4000 + at % 2, "CPU", VERSIONS, 1_750_000_010.0 + 3 * at, 3.5 + (at % 5) / 4, at > 1)


def _gang(at: int) -> Worker:
    """A coordinator, two workers and a parameter server, of which one was lost and the gang formed again."""
    return msgspec.structs.replace(_worker(at), pid=5000, members=GANG, attempts=2, warm=False)


def _example(name: str, frontend: str) -> ExampleEvidence:
    trial = ExampleTrial(f"{name}-{frontend}", name, frontend, Profile(frontend), Resources())
    return ExampleEvidence(trial, EXAMPLES[name, frontend], 50_890, _worker(0))


def _failure(trial: TrainTrial) -> Failure:
    traceback = 'Traceback (most recent call last):\n  File "loop.py"\nFloatingPointError: loss is <nan> & stays'
    return Failure(trial, "numeric", "the loss of the class arm | is <nan> after step 120", traceback)


ENVIRONMENT = Environment(
    started=1_750_000_000.0,
    versions=VERSIONS,
    python="3.11.9",
    platform="Linux golden x86_64",
    cpu="Synthetic CPU",
    cores=2,
    memory_gib=8.0,
    devices=("CPU:0", "CPU:1"),
    git_commit="0123456789abcdef0123456789abcdef01234567",
    git_clean=False,
    command="parity run configs/golden.yaml --run-dir runs/golden",
)
DATA = (
    DataInfo("mnist_5k", ("vectors",), "classification", "11" * 32, "BSD-3-Clause", "LeCun et al. (1998)", 4000),
    DataInfo("movielens_100k", ("ids",), "rating", "22" * 32, "GroupLens terms", "Harper and Konstan (2015)", 80_000),
    DataInfo("ucr_anomaly_135", ("windows",), "forecast", "33" * 32, "UCR terms", "Wu and Keogh (2021)", 1168),
)


def main() -> None:
    """Writes the run and the snapshots."""
    run = golden_run()
    GOLDEN.mkdir(exist_ok=True)
    (GOLDEN / "run.json").write_bytes(msgspec.json.format(msgspec.json.encode(run)) + b"\n")
    summaries = analyse(run)
    files = render(run, summaries, answer_claims(run, summaries))
    for name in SNAPSHOTS:
        (GOLDEN / name).write_bytes(files[name])
    SCHEMA.write_bytes(document.schema_bytes())


if __name__ == "__main__":
    main()
