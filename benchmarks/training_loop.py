"""Examples per second of our training loop against `model.fit`, on small and medium models, under both frontends.

Command    python -m benchmarks.training_loop [--rounds N] [--models projection,…] [--frontends keras,…] [--output FILE]
           (10 rounds: some minutes on two cores; leave the machine alone)
Expect     a Markdown document: examples per second, ratios of one round, and what they should be.

Every arm trains the same model with Adam.  A round runs every arm once, in a new random order, for the model's epochs,
in one call of `fit` or by our loop; a ratio is taken within each round.  Shown is the median over the rounds with a
95 % bootstrap interval.  The first round, which traces, is not counted.  A process has one frontend.

N examples, G of a batch, R rounds.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib.metadata import version
from pathlib import Path

import numpy as np
from scipy import stats

from pipeline.data.load import load
from pipeline.records import FRONTENDS, Cell, Dataset, Examples, Profile, Resources, Strategy, Training, TrainTrial

OURS, FIT, TF_DATA, MANY = "ours", "fit", "fit, tf.data", "fit, our steps per call"
STEPS_PER_CALL = 50
GOALS = {"small": {FIT: 1.5, TF_DATA: 1.5, MANY: 1.0}, "medium": {FIT: 1.0, TF_DATA: 1.0, MANY: 1.0}}
FOLDED = 10_000  # ids of a column: with millions, Adam's own cost hides the loop's

Rates = Mapping[str, Sequence[float]]  # arm -> examples per second, R


@dataclass(frozen=True)
class Model:
    """What is trained, on so many examples, and how long in a round."""

    size: str
    family: str
    data: str
    rows: int
    epochs: int
    batch: int
    options: Mapping[str, int] = field(default_factory=dict)
    hidden: tuple[int, ...] = ()


MODELS: Mapping[str, Model] = {
    "projection": Model("small", "projection", "mnist_5k", 4_000, 20, 100),
    "lookup": Model("small", "lookup", "movielens_100k", 80_000, 4, 800),
    "deep projection": Model("medium", "projection", "mnist_5k", 3_584, 10, 512, {"units": 1024}, (512, 512)),
    "clicks": Model("medium", "multi_table", "criteo_shaped", 51_200, 1, 512, {"width": 8}, (256, 256)),
}


def prepared(model: Model) -> Dataset:
    """Whole batches, so that every arm sees as many examples."""
    dataset = load(model.data, model.rows)
    if not dataset.vocabularies:
        return dataset
    sizes = tuple(min(size, FOLDED) for size in dataset.vocabularies)

    def folded(examples: Examples) -> Examples:
        return Examples({**examples.parts, "columns": examples.parts["columns"] % np.int32(sizes)}, examples.targets)

    return replace(dataset, train=folded(dataset.train), test=folded(dataset.test), vocabularies=sizes)


def measured(model: Model, frontend: str, rounds: int) -> Rates:
    """In this process, which has that frontend."""
    dataset, random = prepared(model), np.random.default_rng(0)
    arms = {name: build(model, dataset, frontend, 1 + rounds) for name, build in ARMS.items()}
    rates: dict[str, list[float]] = {name: [] for name in arms}
    for _ in range(1 + rounds):
        for name in random.permutation(list(arms)):
            began = time.perf_counter()
            arms[name]()
            rates[name].append(model.rows * model.epochs / (time.perf_counter() - began))
    return {name: found[1:] for name, found in rates.items()}


def _trial(model: Model, frontend: str, rounds: int) -> TrainTrial:
    cell = Cell(model.family, "class", "functional", model.data, Strategy("one_device"), frontend)
    training = Training(
        epochs=model.epochs * rounds, global_batch=model.batch, steps_per_call=STEPS_PER_CALL, hidden=[*model.hidden]
    )
    return TrainTrial("t", cell, 0, training, model.options, Profile(frontend), Resources())


def _ours(model: Model, dataset: Dataset, frontend: str, rounds: int) -> Callable[[], object]:
    import tensorflow as tf

    from pipeline.layers import registry
    from pipeline.training import arms, custom
    from pipeline.training.monitor import BEGINNING

    trial, over = _trial(model, frontend, rounds), tf.distribute.OneDeviceStrategy("/cpu:0")
    with over.scope():
        arm = arms.build(trial, "class", registry.load(model.family), dataset)
    loop = custom.CustomLoop(arm, trial, dataset, over, lambda: None, (0, 0))
    epochs = iter(range(trial.training.epochs))
    return lambda: [loop.epoch(next(epochs), BEGINNING, lambda _: None) for _ in range(model.epochs)]


def _fit(*, tf_data: bool = False, steps: int = 1) -> Callable[..., Callable[[], object]]:
    """As a user writes it: compile and fit, no callbacks, nothing printed."""

    def build(model: Model, dataset: Dataset, frontend: str, rounds: int) -> Callable[[], object]:
        import tensorflow as tf

        from pipeline.frontend import keras
        from pipeline.layers import registry
        from pipeline.training import arms

        trial = _trial(model, frontend, rounds)
        arm = arms.build(trial, "class", registry.load(model.family), dataset)
        losses = {
            "classification": keras.losses.SparseCategoricalCrossentropy(from_logits=True),
            "rating": keras.losses.MeanSquaredError(),
            "binary": keras.losses.BinaryCrossentropy(from_logits=True),
        }
        compiled = arm.trainable_model()
        compiled.compile(
            keras.optimizers.Adam(trial.training.learning_rate), losses[dataset.task], steps_per_execution=steps
        )
        inputs, targets = arm.model_inputs(dict(dataset.train.parts), None), dataset.train.targets
        if not tf_data:
            return lambda: compiled.fit(inputs, targets, batch_size=model.batch, epochs=model.epochs, verbose=0)
        batches = tf.data.Dataset.from_tensor_slices((inputs, targets)).shuffle(model.rows).batch(model.batch)
        ready = batches.prefetch(tf.data.AUTOTUNE)
        return lambda: compiled.fit(ready, epochs=model.epochs, verbose=0)

    return build


ARMS: Mapping[str, Callable[..., Callable[[], object]]] = {
    OURS: _ours,
    FIT: _fit(),
    TF_DATA: _fit(tf_data=True),
    MANY: _fit(steps=STEPS_PER_CALL),
}


def interval(values_R: Sequence[float]) -> tuple[float, float, float]:
    """(median, low, high)."""
    found = stats.bootstrap((values_R,), np.median, method="percentile", rng=np.random.default_rng(0))
    return float(np.median(values_R)), *map(float, found.confidence_interval)


def section(frontend: str, rates: Mapping[str, Rates]) -> str:
    """Markdown: examples per second, then ours over each `fit`, with its goal."""
    speeds = [f"| {m} | {' | '.join(f'{np.median(found[a]):,.0f}' for a in ARMS)} |" for m, found in rates.items()]
    ratios = []
    for name, found in rates.items():
        for arm, goal in GOALS[MODELS[name].size].items():
            median, low, high = interval(np.array(found[OURS]) / np.array(found[arm]))
            met = "met" if median >= goal else "not met"
            ratios.append(
                f"| {name} ({MODELS[name].size}) | {arm} | {median:.2f} [{low:.2f}, {high:.2f}] | ≥ {goal:g} | {met} |"
            )
    parts = [
        f"## {frontend}\n",
        "Examples a second:\n",
        f"| | {' | '.join(ARMS)} |\n|---|{'---|' * len(ARMS)}",
        *speeds,
        "\nOurs over:\n",
        "| model | arm | ratio | goal | |\n|---|---|---|---|---|",
        *ratios,
    ]
    return "\n".join(parts)


def _in_its_process(frontend: str, models: str, rounds: int) -> Mapping[str, Rates]:
    command = [sys.executable, "-m", "benchmarks.training_loop", "--one", frontend, "--models", models]
    environment = {**os.environ, "PARITY_FRONTEND": frontend, "TF_CPP_MIN_LOG_LEVEL": "2"}
    command += ["--rounds", str(rounds)]
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    rates: Mapping[str, Rates] = json.loads(done.stdout.splitlines()[-1])
    return rates


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--models", default=",".join(MODELS))
    parser.add_argument("--frontends", default=",".join(FRONTENDS))
    parser.add_argument("--one", help="measure that frontend in this process and print the rates as JSON")
    parser.add_argument("--output", type=Path)
    chosen = parser.parse_args()
    if chosen.one:
        names = chosen.models.split(",")
        print(json.dumps({name: measured(MODELS[name], chosen.one, chosen.rounds) for name in names}))
        return
    versions = ", ".join(f"{package} {version(package)}" for package in ("tensorflow", "keras", "tf_keras"))
    about = (
        f"`{' '.join([Path(sys.executable).name, '-m', 'benchmarks.training_loop', *sys.argv[1:]])}`: {chosen.rounds} "
        f"rounds, median [95 % interval].  {platform.machine()}, {len(os.sched_getaffinity(0))} CPUs, load "
        f"{os.getloadavg()[0]:.1f}; Python {platform.python_version()}, {versions}.  Small models: "
        "a projection of MNIST (batch 100), a lookup of MovieLens (batch 800); medium: a projection with three wide "
        "layers, clicks with 26 tables (batch 512)."
    )
    document = [f"# Our training loop against fit\n\n{about}"]
    for frontend in chosen.frontends.split(","):
        document.append(section(frontend, _in_its_process(frontend, chosen.models, chosen.rounds)))
    print(text := "\n\n".join(document))
    if chosen.output:
        chosen.output.write_text(text + "\n")


if __name__ == "__main__":
    main()
