"""Loading the arms' `.keras` files in a fresh process: started early, collected late, one process for both arms."""

import sys
import tempfile
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from pipeline.certify.findings import first_line
from pipeline.certify.interface.listing import sublayers
from pipeline.certify.lifecycle.calls import run
from pipeline.certify.lifecycle.copies import as_model
from pipeline.certify.lifecycle.lives import lives_of
from pipeline.certify.lifecycle.loader import LOADER
from pipeline.certify.lifecycle.observe import Array, Life, Observation, compare
from pipeline.certify.pair import Pair
from pipeline.certify.reload import MOST_SECONDS, Answer, Job
from pipeline.certify.values.errors import gap
from pipeline.records import Finding

CHECK = "load in a fresh process"


@dataclass(frozen=True)
class FreshProcess:
    """The folder of saved arms, what the arms gave before, and why an arm could not even be saved."""

    folder: tempfile.TemporaryDirectory[str]
    expected: dict[str, list[Array]]
    unsaved: dict[str, str]
    limit: float


def start(pair: Pair) -> FreshProcess:
    """Saves both arms with drawn weights and has them loaded elsewhere.  `stop` it at the end."""
    folder = tempfile.TemporaryDirectory(prefix="layerparity-")
    jobs: list[Job] = []
    unsaved: dict[str, str] = {}
    expected: dict[str, list[Array]] = {}
    with lives_of(pair) as lives, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Keras' remarks while saving
        for life in lives:
            name = life.subject.name
            try:
                expected[name] = [each.astype(np.float32) for each in run(life.subject, life.arrays, False)]
                jobs.append(_saved(life, Path(folder.name)))
            except Exception as problem:  # whatever user code or Keras raise
                unsaved[name] = first_line(problem)
    Path(folder.name, "jobs.json").write_bytes(msgspec.json.encode(jobs))
    LOADER.give(Path(folder.name))
    return FreshProcess(folder, expected, unsaved, lives[0].limit)


def warm() -> None:
    """Lets the process that will load arms start already."""
    LOADER.warm()


def _saved(life: Life, folder: Path) -> Job:
    name = life.subject.name
    as_model(life.subject).model.save(folder / f"{name}.keras")
    np.savez(folder / f"{name}-inputs.npz", *life.arrays)
    return Job(name, len(life.arrays), _own_modules(life.subject.model), tuple(sys.path))


def _own_modules(model: Any) -> dict[str, str]:
    """The modules that define the arm's own classes; a script run as __main__ can't be imported again."""
    names = {type(layer).__module__ for layer in sublayers(model)}
    own = sorted(name for name in names if name.split(".")[0] not in ("keras", "tf_keras", "tensorflow", "__main__"))
    files = {name: getattr(sys.modules.get(name), "__file__", None) for name in own}
    return {name: str(Path(file).resolve()) if file else "" for name, file in files.items()}


def collect(running: FreshProcess, seconds: float) -> Finding:
    """Waits for the process and compares what the loaded arms give with what they gave before."""
    if not LOADER.finished(min(seconds, MOST_SECONDS)):
        return Finding("lifecycle", CHECK, "note", f"{CHECK}: left out, it took too long")
    first, second = (_observation(running, arm) for arm in ("baseline", "candidate"))
    finding = compare("lifecycle", CHECK, first, second, 0.0)
    if finding.outcome == "same" and first.text != second.text:
        told = f"the baseline loads {first.text}, the candidate loads {second.text}"
        return Finding("lifecycle", CHECK, "loud", f"{CHECK}: {told}")
    return finding


def stop(running: FreshProcess) -> None:
    """Ends the process if it is still at it, and removes its folder."""
    LOADER.abandon()
    running.folder.cleanup()


def _observation(running: FreshProcess, arm: str) -> Observation:
    if arm in running.unsaved:
        return Observation("raises", running.unsaved[arm])
    path = Path(running.folder.name, f"{arm}-answer.json")
    if not path.exists():
        raise RuntimeError("the fresh process ended without an answer")
    answer = msgspec.json.decode(path.read_bytes(), type=Answer)
    if answer.loaded == "not":
        return Observation("raises", answer.why)
    with np.load(Path(running.folder.name, f"{arm}-outputs.npz"), allow_pickle=False) as stored:
        outputs = [stored[f"arr_{index}"] for index in range(answer.outputs)]
    if gap(running.expected[arm], outputs).relative > running.limit:
        return Observation("wrong", "other outputs")
    return Observation("works", answer.loaded)
