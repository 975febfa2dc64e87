"""One trial, from its frozen spec to its evidence."""

import gc
import time
from functools import cache
from typing import Any

import msgspec
import numpy as np

from pipeline.errors import DataError
from pipeline.frontend import IS_KERAS_3, keras
from pipeline.layers import registry
from pipeline.layers.article import run_example
from pipeline.layers.family import Family
from pipeline.layers.source import measure
from pipeline.records import (
    Agreement,
    ArmResult,
    Dataset,
    ExampleEvidence,
    ExampleTrial,
    TrainEvidence,
    TrainTrial,
    WeightRole,
)
from pipeline.store import kept
from pipeline.store.weights import digest, pack
from pipeline.training import agreement, arms, copies, graphs, histograms, leftovers, process, strategy, worker
from pipeline.training.input_speed import is_input_bound
from pipeline.training.loop import History, train
from pipeline.training.monitor import UNWATCHED, Monitor, TrainedArm, Unkept
from pipeline.training.transplant import transplant

Trained = tuple[TrainedArm, TrainedArm]


def run(
    trial: TrainTrial | ExampleTrial, dataset: Dataset | None, monitor: Monitor = UNWATCHED
) -> TrainEvidence | ExampleEvidence:
    """Runs the trial in this process, or this process's part in its gang.  Only a train trial needs a data set.

    The result depends on the trial and the data alone, bit for bit, not on what the process ran before.
    Raises TrialError for what belongs to the trial, DataError if a train trial gets no data.
    """
    process.configure(trial.profile)
    _set_apart()
    began = worker.started()
    if isinstance(trial, ExampleTrial):
        _forget(0)
        stages, parameters = run_example(trial.example)
        return ExampleEvidence(trial, stages, parameters, worker.describe(trial.profile, began))
    if dataset is None:
        raise DataError(trial.cell.data, "was not handed to the trial", "load it and pass it to run")
    trained, weight_map = _train_both(trial, dataset, monitor)
    over = strategy.build(trial.cell.strategy, trial.profile)
    found = _agreement(trial, dataset, monitor, trained) if trial.agreement and strategy.is_chief(over) else ()
    arms_found = (trained[0].result, trained[1].result)
    weights = pack({arm.result.style: arm.weights for arm in trained}) if trial.keep_weights else b""
    about = worker.describe(trial.profile, began)
    return TrainEvidence(trial, arms_found, weight_map, about, found, weights, _kept(trial, trained))


def train_arms(trial: TrainTrial, dataset: Dataset) -> Trained:
    """The trained baseline and candidate, with their final weights."""
    process.configure(trial.profile)
    return _train_both(trial, dataset, UNWATCHED)[0]


def _kept(trial: TrainTrial, trained: Trained) -> dict[str, bytes]:
    """The files beside the record."""
    files = {kept.graph_of(arm.result.style): arm.graph for arm in trained} if trial.keep_graphs else {}
    if trial.keep_histograms:
        files[kept.HISTOGRAMS] = pack({arm.result.style: arm.histograms for arm in trained})
    return files


def _agreement(trial: TrainTrial, dataset: Dataset, monitor: Monitor, trained: Trained) -> tuple[Agreement, ...]:
    """Trains both arms again on one device of this process, and keeps nothing of them."""
    cell = msgspec.structs.replace(trial.cell, strategy=strategy.ONE_DEVICE)
    again = msgspec.structs.replace(trial, cell=cell, keep_histograms=False, keep_graphs=False)
    alone, _ = _train_both(again, dataset, Unkept(monitor.beat))
    return agreement.compare(trained, alone)


def _train_both(trial: TrainTrial, dataset: Dataset, monitor: Monitor) -> tuple[Trained, tuple[WeightRole, ...]]:
    _forget(trial.seed)
    family = registry.load(trial.reference or trial.cell.family)
    over = strategy.build(trial.cell.strategy, trial.profile)
    built, seconds = [], []
    with over.scope():
        for style in (trial.cell.baseline, trial.cell.candidate):
            started = time.perf_counter()
            built.append(arms.build(trial, style, family, dataset))
            seconds.append(time.perf_counter() - started)
    baseline, candidate = (arms.roles(arm, family) for arm in built)
    weight_map = transplant(baseline, candidate)
    trained = list(monitor.resume.finished if monitor.resume else ())
    for arm, spent in [*zip(built, seconds, strict=True)][len(trained) :]:
        history = train(arm, trial, dataset, over, monitor, trained)
        trained.append(_trained(arm, family, trial, dataset, over, spent, history))
    return (trained[0], trained[1]), weight_map


def _trained(
    arm: arms.Arm,
    family: Family,
    trial: TrainTrial,
    dataset: Dataset,
    over: Any,
    build_seconds: float,
    history: History,
) -> TrainedArm:
    variables = arms.roles(arm, family)
    weights = {role: np.array(variable) for role, variable in variables.items()}
    speed, code = history.examples_per_second(trial, dataset), measure(family, arm.style)
    result = ArmResult(
        style=arm.style,
        metrics=history.metrics[-1],
        train_loss=tuple(history.train_loss),
        held_out=history.held_out(dataset),
        weights_digest=digest(weights),
        parameters=sum(value.size for value in weights.values()),
        trainable_parameters=sum(int(np.prod(variable.shape)) for variable in arm.trainable),
        source_lines=code.lines,
        functions=code.functions,
        complexity=code.complexity,
        overridden=code.overridden,
        build_seconds=build_seconds,
        train_seconds=sum(history.seconds),
        examples_per_second=speed,
        input_examples_per_second=history.input_per_second,
        input_bound=is_input_bound(history.input_per_second, speed),
    )
    graph = graphs.forward_graph(arm, dataset) if trial.keep_graphs else b""
    shapes = histograms.over_epochs(history.histograms)
    return TrainedArm(result, weights, copies.gaps(variables, over), shapes, graph)


@cache
def _set_apart() -> None:
    """Spares the garbage collector what a process loads once and for all, which is most of what it would look through:
    every trace makes it look, and so does `_forget`.
    """
    gc.collect()
    gc.freeze()


def _forget(seed: int) -> None:
    """Clears what earlier trials left behind, and sets the seeds that nothing here should need."""
    (keras.utils.clear_session if IS_KERAS_3 else keras.backend.clear_session)()
    leftovers.drop()
    keras.utils.set_random_seed(seed)
