"""`python -m pipeline.certify.tpu.compiler FOLDER`: compiles StableHLO for a TPU that need not be there.

Needs jax and libtpu, and the environment that `process` sets.  An answer is written as soon as it is known, whole, so
that a module which hangs or kills the compiler takes no earlier answer with it.
"""

import sys
import time
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from jax.experimental import topologies
from jax.extend.mlir import ir
from jax.interpreters.mlir import make_ir_context
from jaxlib import xla_client

from pipeline.certify.tpu.records import Answer, Job

REASON_LENGTH = 300


def main(folder: Path) -> None:
    """Answers every job in the folder, in order, each by a file of its own."""
    for job in msgspec.json.decode((folder / "jobs.json").read_bytes(), type=list[Job]):
        unfinished = folder / f"{job.name}.part"
        unfinished.write_bytes(msgspec.json.encode(_answer(folder, job)))
        unfinished.rename(folder / f"{job.name}.json")


def _answer(folder: Path, job: Job) -> Answer:
    device = _device(job.topology)  # a compiler that can't be had ends the process: that is no answer about the job
    began = time.perf_counter()
    try:
        compiled = _compiled((folder / f"{job.name}.mlir").read_text(), device)
    except Exception as problem:  # the compiler's refusals and its failures are of one type
        return Answer(job.name, False, _since(began), _reason(problem))
    seconds = _since(began)
    (folder / f"{job.name}.hlo").write_bytes(compiled.hlo_modules()[0].as_serialized_hlo_module_proto())
    memory = compiled.get_compiled_memory_stats()
    return Answer(
        name=job.name,
        compiled=True,
        seconds=seconds,
        temp_bytes=memory.temp_size_in_bytes,
        argument_bytes=memory.argument_size_in_bytes,
        output_bytes=memory.output_size_in_bytes,
        code_bytes=memory.generated_code_size_in_bytes,
        flops=compiled.cost_analysis().get("flops"),
    )


@cache
def _device(topology: str) -> Any:
    """The first core of a slice that is only described."""
    return topologies.get_topology_desc(topology, platform="tpu").devices[0]


def _compiled(stablehlo: str, device: Any) -> Any:
    with make_ir_context():
        module = ir.Module.parse(stablehlo)
        module.operation.walk(_translated)
    options = xla_client.CompileOptions()
    options.num_replicas = options.num_partitions = 1
    options.device_assignment = xla_client.DeviceAssignment.create(np.array([[device.id]], np.int32))
    return device.client.compile(module, xla_client.DeviceList((device,)), options)


def _translated(operation: Any) -> Any:
    """Replaces the two operations of an older dialect that TensorFlow leaves in its StableHLO.

    A copy before each updated variable changes no value; erf has its form in the dialect beside StableHLO.
    """
    if operation.name == "mhlo.copy":
        replacement = operation.operands[0]
    elif operation.name == "mhlo.erf":
        place = ir.InsertionPoint(operation)
        types, operands = [operation.results[0].type], [operation.operands[0]]
        replacement = ir.Operation.create("chlo.erf", types, operands, loc=operation.location, ip=place).results[0]
    else:
        return ir.WalkResult.ADVANCE
    operation.results[0].replace_all_uses_with(replacement)
    operation.erase()
    return ir.WalkResult.ADVANCE


def _reason(problem: Exception) -> str:
    """The first line, without the place in TensorFlow's own source that the compiler suspects."""
    line = (str(problem).splitlines() or [""])[0].split("Suspected Python Code Location")[0].strip()
    return f"{type(problem).__name__}: {line[:REASON_LENGTH]}"


def _since(began: float) -> float:
    return round(time.perf_counter() - began, 4)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
