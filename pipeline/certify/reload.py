"""`python -m pipeline.certify.reload`: loads saved arms, in safe mode; each line on its input names a folder with two.

It imports TensorFlow and no arm's code.  Each folder is answered by a copy of this process that lives for it alone, so
no arm is helped by what an earlier one has imported.  Both arms of a folder are first tried without their own code;
then those that failed once more, after importing the modules that define their classes.
It lies outside the lifecycle package so that the process starts without the rest of the certificate.
"""

import importlib
import importlib.util
import os
import signal
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Literal, NoReturn

import msgspec
import numpy as np
import tensorflow as tf

from pipeline.certify.findings import first_line
from pipeline.frontend import keras
from pipeline.records import Record

MOST_SECONDS = 60


class Job(Record, frozen=True):
    """What the fresh process is given: an arm, how many inputs it has, and its code's modules with their files.

    `path` is where modules are looked for.
    """

    arm: str
    inputs: int
    modules: Mapping[str, str]
    path: tuple[str, ...] = ()


class Answer(Record, frozen=True):
    """What it found: how the arm loaded, why it did not, and how many outputs lie beside it, as float32."""

    arm: str
    loaded: Literal["alone", "with its code", "not"]
    why: str = ""
    outputs: int = 0


def serve(lines: Iterable[str]) -> None:
    """Answers folder after folder, and each with an empty line once its process has ended, however it did."""
    for line in lines:
        child = os.fork()
        if not child:
            _end(Path(line.strip()))
        os.waitpid(child, 0)
        print(flush=True)


def _end(folder: Path) -> NoReturn:
    """Answers one folder and ends the process at once: what the parent has open is not this process' to close."""
    try:
        signal.alarm(MOST_SECONDS)
        os.dup2(2, 1)  # what an arm's code prints is no answer
        answer_all(folder)
    finally:
        os._exit(0)


def answer_all(folder: Path) -> None:
    """Answers every job in the folder, each by a file of its own."""
    jobs = msgspec.json.decode((folder / "jobs.json").read_bytes(), type=list[Job])
    alone = [_alone(folder, job) for job in jobs]
    for job, first in zip(jobs, alone, strict=True):
        answer = _with_code(folder, job) if first.loaded == "not" and job.modules else first
        (folder / f"{job.arm}-answer.json").write_bytes(msgspec.json.encode(answer))


def _alone(folder: Path, job: Job) -> Answer:
    try:
        return _loaded(folder, job, "alone")
    except Exception as problem:  # whatever Keras raises at a class it does not know
        return Answer(job.arm, "not", first_line(problem))


def _with_code(folder: Path, job: Job) -> Answer:
    try:
        sys.path[:] = job.path or sys.path
        _import(job.modules)
        return _loaded(folder, job, "with its code")
    except Exception as problem:  # and whatever the arm's own code raises
        return Answer(job.arm, "not", first_line(problem))


def _import(modules: Mapping[str, str]) -> None:
    for name, file in modules.items():
        try:
            importlib.import_module(name)
        except ModuleNotFoundError:
            _import_file(name, file)


def _import_file(name: str, file: str) -> None:
    spec = importlib.util.spec_from_file_location(name, file)
    if spec is None or spec.loader is None:
        raise ModuleNotFoundError(f"{name} can't be imported from {file}")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)


def _loaded(folder: Path, job: Job, how: Literal["alone", "with its code"]) -> Answer:
    model: Any = keras.models.load_model(folder / f"{job.arm}.keras", safe_mode=True)
    with np.load(folder / f"{job.arm}-inputs.npz", allow_pickle=False) as stored:
        arrays = [stored[f"arr_{index}"] for index in range(job.inputs)]
    outputs = tf.nest.flatten(model(arrays[0] if len(arrays) == 1 else arrays))
    np.savez(folder / f"{job.arm}-outputs.npz", *[np.asarray(tf.cast(output, tf.float32)) for output in outputs])
    return Answer(job.arm, how, outputs=len(outputs))


if __name__ == "__main__":
    serve(sys.stdin)
