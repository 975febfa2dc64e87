"""The compiler's process: started for one set of modules, bounded in time, gone at the end."""

import importlib.util
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from pipeline.certify.tpu.records import Answer, Job

TOPOLOGY = "v5e:2x2"
COMPILER = (sys.executable, "-m", "pipeline.certify.tpu.compiler")
# Otherwise libtpu asks the cloud's metadata server what machine this is, refuses to be loaded by two processes, and
# writes logs beside those of real TPU jobs.  JAX must not look for devices of its own.
ENVIRONMENT: Mapping[str, str] = {
    "ALLOW_MULTIPLE_LIBTPU_LOAD": "1",
    "JAX_PLATFORMS": "cpu",
    "TPU_ACCELERATOR_TYPE": "v5litepod-4",
    "TPU_LOG_DIR": "disabled",
    "TPU_SKIP_MDS_QUERY": "1",
    "TPU_WORKER_HOSTNAMES": "localhost",
}
STDERR_LENGTH = 4000


def available() -> bool:
    """Whether the extra is installed; imports neither of its packages."""
    return all(importlib.util.find_spec(name) is not None for name in ("jax", "libtpu"))


@dataclass(frozen=True)
class Compilation:
    """`answers` and `programs` (serialized HLO modules) by job.

    Where the process did not answer every job, `broken` says how it ended and `stderr` holds its last words; `late`
    tells that time was up.
    """

    answers: Mapping[str, Answer]
    programs: Mapping[str, bytes]
    broken: str = ""
    stderr: str = ""
    late: bool = False


def compile_all(texts: Mapping[str, str], seconds: float, command: Sequence[str] = COMPILER) -> Compilation:
    """Compiles StableHLO modules, given by name, in one process that lives `seconds` at the most."""
    with tempfile.TemporaryDirectory(prefix="layerparity-tpu-") as name:
        folder = Path(name)
        for job, text in texts.items():
            (folder / f"{job}.mlir").write_text(text)
        (folder / "jobs.json").write_bytes(msgspec.json.encode([Job(job, TOPOLOGY) for job in texts]))
        code = _run([*command, name], folder / "stderr.txt", seconds)
        found = [folder / f"{job}.json" for job in texts if (folder / f"{job}.json").exists()]
        answers = [msgspec.json.decode(path.read_bytes(), type=Answer) for path in found]
        programs = {each.name: (folder / f"{each.name}.hlo").read_bytes() for each in answers if each.compiled}
        stderr = (folder / "stderr.txt").read_text(errors="replace")[-STDERR_LENGTH:]
    whole = len(answers) == len(texts)
    broken = "" if whole else _ending(code, seconds)
    return Compilation({each.name: each for each in answers}, programs, broken, "" if whole else stderr, code is None)


def _run(command: Sequence[str], stderr: Path, seconds: float) -> int | None:
    """The exit code; None where time was up and the process was killed."""
    environment = {**os.environ, **ENVIRONMENT, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    quiet = subprocess.DEVNULL
    with stderr.open("wb") as file:
        try:
            done = subprocess.run(  # noqa: S603 - own interpreter
                command, env=environment, stdin=quiet, stdout=quiet, stderr=file, timeout=seconds, check=False
            )
        except subprocess.TimeoutExpired:
            return None
    return done.returncode


def _ending(code: int | None, seconds: float) -> str:
    return f"time was up after {seconds:.0f} s" if code is None else f"the compiler's process ended with code {code}"
