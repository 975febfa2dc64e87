"""Cells to trials: ids, process profiles, resources.

A trial's id is a content hash of everything that changes its numbers, so a finished trial is known again by its id.
"""

import hashlib
import math
from collections.abc import Iterable, Iterator
from typing import TypeVar

import msgspec

from pipeline.config import Experiment
from pipeline.errors import ConfigError
from pipeline.plan.resources import resources_of
from pipeline.records import (
    FRONTENDS,
    TASK_METRICS,
    Cell,
    CertifyTrial,
    Device,
    Example,
    ExampleTrial,
    Inventory,
    Profile,
    Resources,
    Strategy,
    TimeTrial,
    TrainTrial,
    Trial,
)

T = TypeVar("T", CertifyTrial, TrainTrial, ExampleTrial, TimeTrial)

EXAMPLES: tuple[Example, ...] = ("functional_lambda", "complex_layer", "stateful_layer", "captured_dense")


def train_trials(
    config: Experiment, cells: Iterable[Cell], inventory: Inventory, look: int = 0
) -> tuple[TrainTrial, ...]:
    """One trial per (cell, seed of the look), both arms inside.  Raises ConfigError where a batch can't be cut."""
    cells = tuple(cells)
    devices = _logical_devices(cells)
    for cell in cells:
        _check_batch(config, cell, inventory)
        _check_remainder(config, cell)
    seeds = config.seeds_of(look)
    return tuple(trial for cell in cells for trial in _train_cell(config, cell, seeds, devices, inventory))


def certify_trials(config: Experiment, cells: Iterable[Cell], inventory: Inventory) -> tuple[CertifyTrial, ...]:
    """One trial per pair, data set, frontend and dtype policy: no level of the certificate depends on more."""
    if not config.certify:
        return ()
    cells = tuple(cells)
    replicas: dict[Cell, int] = {}
    for cell in cells:
        alike = msgspec.structs.replace(cell, strategy=Strategy(), jit=False, loop="custom")
        replicas[alike] = max(replicas.get(alike, 1), cell.strategy.replicas)
    profile = _profile(config, max(_logical_devices(cells), *replicas.values(), 1))
    made = (
        CertifyTrial(
            id="",
            cell=cell,
            options=dict(config.options.get(cell.family, {})),
            profile=msgspec.structs.replace(profile, frontend=cell.frontend),
            resources=Resources(),
            time_limit=config.certify_seconds,
            distribution=most > 1,
            optimizer=config.training_on(cell.data).optimizer,
            reference=inventory.families[cell.family].reference,
        )
        for cell, most in replicas.items()
    )
    return tuple(with_id(trial, pinned_of(trial, inventory)) for trial in made)


def example_trials(config: Experiment, cells: Iterable[Cell], inventory: Inventory) -> tuple[ExampleTrial, ...]:
    """The article's examples, each under each frontend of the product, if the config asks for them."""
    if not config.article_examples:
        return ()
    profile = _profile(config, _logical_devices(cells))
    made = (
        ExampleTrial("", example, frontend, msgspec.structs.replace(profile, frontend=frontend), Resources())
        for frontend in FRONTENDS
        for example in EXAMPLES
    )
    return tuple(with_id(trial, pinned_of(trial, inventory)) for trial in made)


def _train_cell(
    config: Experiment, cell: Cell, seeds: Iterable[int], logical_devices: int, inventory: Inventory
) -> Iterator[TrainTrial]:
    """One trial per seed.  They share what they have in common: a plan may hold a hundred thousand of them."""
    resources = resources_of(cell.strategy, config.resources)
    alike = TrainTrial(
        id="",
        cell=cell,
        seed=0,
        training=config.training_on(cell.data),
        options=dict(config.options.get(cell.family, {})),
        profile=train_profile(config, cell, resources, logical_devices),
        resources=resources,
        rows=config.rows,
        reference=inventory.families[cell.family].reference,
        keep_weights=config.keep_weights,
        keep_histograms=config.keep_histograms,
    )
    compared = set() if cell.strategy.name == "one_device" else {*config.seeds[: config.agreement_seeds]}
    drawn = {min(config.seeds)} if config.keep_graphs else set()
    pinned = pinned_of(alike, inventory)
    for seed in seeds:
        yield with_id(
            msgspec.structs.replace(alike, seed=seed, agreement=seed in compared, keep_graphs=seed in drawn), pinned
        )


def train_profile(config: Experiment, cell: Cell, resources: Resources, logical_devices: int) -> Profile:
    """Trials on CPUs share processes with as many logical devices as any of them needs; a gang has its own."""
    device: Device = "tpu" if resources.tpus else "gpu" if resources.gpus else "cpu"
    shared = cell.strategy.devices if cell.strategy.is_gang else logical_devices
    return msgspec.structs.replace(
        _profile(config, shared if device == "cpu" else 1),
        frontend=cell.frontend,
        device=device,
        threads=max(1, math.ceil(resources.cpus)),
        gpu_share=min(resources.gpus, 1.0) if resources.gpus else 1.0,
    )


def _profile(config: Experiment, logical_devices: int) -> Profile:
    return Profile(logical_devices=logical_devices, deterministic=config.deterministic, xla_flags=config.xla_flags)


def _logical_devices(cells: Iterable[Cell]) -> int:
    """The most that any one process needs: all trials of a frontend then share warm worker processes."""
    return max((cell.strategy.devices for cell in cells), default=1)


def with_id(trial: T, pinned: bytes) -> T:
    """The trial with the digest of its content and of what is `pinned`.

    Logical devices stay out of it: a warm process with more of them gives the same numbers.  So does the size of the
    node that a time trial takes, though not the kind of its accelerator.
    """
    hashed = msgspec.structs.replace(trial, profile=msgspec.structs.replace(trial.profile, logical_devices=0))
    if isinstance(hashed, TimeTrial):
        hashed = msgspec.structs.replace(hashed, resources=Resources(accelerator=trial.resources.accelerator))
    content = b"[%b,%b]" % (msgspec.json.encode(hashed, order="deterministic"), pinned)
    return msgspec.structs.replace(trial, id=hashlib.sha256(content).hexdigest()[:16])


def pinned_of(trial: Trial, inventory: Inventory) -> bytes:
    """What changes the numbers of a trial beside what it says itself: versions, sources, data."""
    pinned = {"versions": inventory.versions, "engine": inventory.engine}
    if isinstance(trial, CertifyTrial):
        pinned["engine"] = inventory.certifier
    if isinstance(trial, TimeTrial):
        pinned["engine"] = inventory.timer
    if not isinstance(trial, ExampleTrial):
        pinned["family"] = inventory.families[trial.cell.family].source
        pinned["data"] = inventory.data[trial.cell.data].fingerprint
    return msgspec.json.encode(pinned, order="deterministic")


def _check_batch(config: Experiment, cell: Cell, inventory: Inventory) -> None:
    batch, replicas = config.training_on(cell.data).global_batch, cell.strategy.replicas
    rows = min(config.rows or math.inf, inventory.data[cell.data].rows)
    if batch % replicas:
        raise ConfigError(
            config.name,
            f"global_batch={batch} does not divide by {replicas} replicas ({cell.strategy.label}, {cell.data})",
            f"use a multiple of {replicas}, e.g. {max(replicas, batch - batch % replicas)}",
        )
    if batch > rows:
        raise ConfigError(
            config.name,
            f"global_batch={batch} is more than the {rows} training examples of {cell.data}",
            f"use {rows - rows % replicas} or less",
        )


def _check_remainder(config: Experiment, cell: Cell) -> None:
    """A smaller batch is kept only where it is compiled for, and weighed rightly."""
    if config.training_on(cell.data).remainder == "drop":
        return
    if cell.strategy.name == "tpu":
        what = "a TPU's program takes batches of one size"
    elif cell.loop == "fit" and cell.strategy.replicas > 1:
        what = "fit averages over replicas, whose shares of the smaller batch may differ in size"
    else:
        return
    where = f"train.remainder=keep under {cell.strategy.label}"
    raise ConfigError(config.name, f"{where}: {what}", "use train.remainder=drop, or exclude the cell")


def check_margins(config: Experiment, cells: Iterable[Cell], inventory: Inventory) -> None:
    """A margin is fixed before the run, or there is no equivalence test.  Raises ConfigError where one is missing."""
    for data in dict.fromkeys(cell.data for cell in cells):
        for metric in TASK_METRICS[inventory.data[data].task]:
            if metric not in config.margins:
                raise ConfigError(
                    config.name,
                    f"{data} is judged by {metric}, which has no margin",
                    f"fix the largest difference that does not matter to you, e.g. margins.{metric}=0.01",
                )
