"""Which cells can't run, and why.  The one place that decides it.

`unsupported`: not with these versions, wherever it runs.  `infeasible`: not with what this cluster has.
The versions: TensorFlow 2.21, Keras 3.15, tf_keras 2.21; measured on logical CPU devices and CPU processes.  A test
tries every cell that is called unsupported and fails when one starts to work.
"""

from collections.abc import Callable
from typing import Literal

from pipeline.plan.resources import places
from pipeline.records import Capacity, Cell, Resources

STRATEGIES = (
    "default",
    "one_device",
    "mirrored",
    "multi_worker_mirrored",
    "parameter_server",
    "central_storage",
    "tpu",
)
ONE_DEVICE_ONLY = ("default", "one_device")

Obstacle = tuple[Literal["unsupported", "infeasible"], str]
Rule = tuple[Callable[[Cell, Resources], bool], str]

# (What it holds for, the reason).  The first that holds counts.
UNSUPPORTED: tuple[Rule, ...] = (
    (
        lambda cell, _: cell.strategy.name in ONE_DEVICE_ONLY and cell.strategy.devices > 1,
        "one_device and default have one device; use mirrored for several",
    ),
    (
        lambda cell, needs: cell.strategy.cross_device_ops == "nccl" and not needs.gpus,
        "NCCL sums gradients between GPUs only; set resources.gpus_per_device",
    ),
    (
        lambda cell, _: cell.strategy.name == "tpu" and cell.loop == "fit",
        "layerparity trains on TPUs with its own loop only",
    ),
    (
        lambda cell, needs: cell.jit and not needs.gpus and cell.loop == "custom" and _has_peers(cell),
        "layerparity's loop compiles each replica's step, and on CPUs replicas can't meet inside XLA",
    ),
    (
        lambda cell, needs: cell.jit and not needs.gpus and cell.loop == "fit" and cell.strategy.is_gang,
        "on CPUs XLA can't compile a fit step that reaches other processes (no collectives, no remote variables)",
    ),
    (
        lambda cell, needs: cell.jit and not needs.gpus and _is(cell, "mirrored", "fit", "tf_keras"),
        "tf_keras' compiled fit reads a variable of another device, which XLA refuses",
    ),
    (
        lambda cell, _: _is(cell, "multi_worker_mirrored", "fit", "keras"),
        "Keras 3's fit can't build a model on per-replica data of several workers (keras#20585)",
    ),
    (
        lambda cell, _: _is(cell, "parameter_server", "fit", "keras"),
        "Keras 3's fit does not know parameter servers: it asks for create_per_worker_dataset",
    ),
    (
        lambda cell, _: cell.loop == "fit" and cell.strategy.name == "parameter_server" and cell.strategy.is_repeatable,
        "fit under a parameter server is asynchronous, and every worker reads all of the data; use coordination: async",
    ),
    (
        lambda cell, _: _is(cell, "central_storage", "fit", "keras"),
        "Keras 3's fit reports a wrong loss under CentralStorageStrategy",
    ),
    (
        lambda cell, _: (
            cell.strategy.name in ("central_storage", "parameter_server", "tpu")
            and (cell.frontend, cell.dtype_policy) == ("tf_keras", "mixed_float16")
        ),
        "tf_keras refuses mixed_float16 under this strategy, because it can't scale the loss there; use mixed_bfloat16",
    ),
    (
        lambda cell, needs: cell.strategy.is_gang and cell.strategy.devices > 1 and not needs.gpus,
        "a worker of several processes has one CPU device; set workers",
    ),
    (
        lambda cell, _: cell.strategy.name == "parameter_server" and cell.strategy.devices > 1,
        "layerparity gives each step of a parameter server to one device; set workers",
    ),
)


def obstacle(cell: Cell, needs: Resources, capacity: Capacity) -> Obstacle | None:
    """The first reason why the cell, which needs these resources, can't run; None where it can."""
    if cell.strategy.name == "tpu" and not capacity.tpus:
        return "infeasible", NO_TPU
    for holds, reason in UNSUPPORTED:
        if holds(cell, needs):
            return "unsupported", reason
    lacking = places(needs, capacity)
    return ("infeasible", f"{cell.strategy.label} needs {lacking}") if lacking else None


def _is(cell: Cell, strategy: str, loop: str, frontend: str) -> bool:
    return (cell.strategy.name, cell.loop, cell.frontend) == (strategy, loop, frontend)


def _has_peers(cell: Cell) -> bool:
    """Whether a step reaches variables or gradients outside its own device."""
    return cell.strategy.replicas > 1 or cell.strategy.is_gang


NO_TPU = (
    "TPUStrategy needs a TPU, and this cluster has none; certificate level tpu compiles both arms for one without it "
    "(parity compare --levels …,tpu, extra tpu-aot)"
)
