"""What XLA makes of an arm's forward pass and training step, and what that costs in operations, traffic and memory.

XLA is asked whether or not the cell runs by it.  The program is that of the whole batch on one device.
"""

from typing import Any

import tensorflow as tf
from tensorflow.compiler.xla.service import hlo_pb2
from tensorflow.python.eager.polymorphic_function.compiler_ir import from_concrete_function

from pipeline.layers import registry
from pipeline.records import Dataset, Phase, ProgramCost, Style, TrainTrial
from pipeline.timing.flops import flops
from pipeline.timing.hlo import Hlo, UncountedError
from pipeline.timing.programs import Step, forward_step
from pipeline.timing.traffic import bytes_accessed
from pipeline.training import arms, feed
from pipeline.training.steps import build_optimizer, replica_step


def programs(trial: TrainTrial, style: Style, dataset: Dataset) -> dict[Phase, ProgramCost]:
    """Of an arm built for it, outside any strategy.  What XLA can't compile, or what can't be counted, is left out."""
    arm = arms.build(trial, style, registry.load(trial.reference or trial.cell.family), dataset)
    element = next(iter(feed.elements(dataset, trial.training, trial.seed, range(1))))
    steps: dict[Phase, Step] = {
        "forward": forward_step(arm, jit=False),
        "step": replica_step(arm, trial, dataset.task, 1, build_optimizer(arm, trial)),
    }
    found = {phase: _cost(step, element) for phase, step in steps.items()}
    return {phase: cost for phase, cost in found.items() if cost is not None}


def _cost(step: Step, element: Any) -> ProgramCost | None:
    try:
        traced = tf.function(step, jit_compile=True).get_concrete_function(element, tf.constant(0))
        serialized = from_concrete_function(traced)(stage="optimized_hlo_proto_serialized")
    except Exception:  # TensorFlow raises many kinds here, all of which mean: no program
        return None
    return cost(hlo_pb2.HloProto.FromString(serialized))


def cost(program: Any) -> ProgramCost | None:
    """Of an HloProto with its buffers; None where something in it can't be counted."""
    hlo = Hlo(program.hlo_module)
    try:
        return ProgramCost(flops(hlo), bytes_accessed(hlo), temp_bytes(program.buffer_assignment))
    except UncountedError:
        return None


def temp_bytes(assignment: Any) -> int:
    """Of the buffers that are neither parameters nor constants, nor hold a result."""
    return sum(
        each.size
        for each in assignment.buffer_allocations
        if not (each.is_entry_computation_parameter or each.is_constant or each.maybe_live_out or each.is_thread_local)
    )
