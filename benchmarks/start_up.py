"""How long it takes until a trial trains.

    python benchmarks/start_up.py

On a Ray of this machine's own, in one sitting, prints the seconds from the request for a trial, or from the outcome of
the one before it in its gang, until

    begun          the driver hears that a worker has begun it
    first steps    the first call of the compiled training step is over: import, build and trace are behind it
    outcome        the driver has its evidence

for a cold and a warm worker, a cold and a warm gang of two, and Ray Train's TensorflowTrainer with two workers on the
same trial (with `pip install -e '.[benchmarks]'`; it has no "begun").  Other work on the machine counts: leave it
alone.
"""

import os
import tempfile
import time
from contextlib import suppress
from functools import partial
from pathlib import Path

import msgspec
import numpy as np
import ray

from pipeline.cluster.profile_environment import profile_environment
from pipeline.cluster.ray_executor import execute
from pipeline.cluster.worker import Runner
from pipeline.records import Cell, Dataset, Examples, Profile, Resources, Strategy, Training, TrainTrial
from pipeline.training.monitor import UNWATCHED, Monitor, Snapshot

STAMP = "START_UP_STAMP"  # names the file that tells when the first steps were over
TIMED = Runner(run="start_up:timed")
REPEATS = 3


def timed(trial: TrainTrial, dataset: Dataset, monitor: Monitor = UNWATCHED) -> object:
    """What a worker runs: the trial, with a note when its first steps are over."""
    from pipeline.training.run import run

    return run(trial, dataset, _Stamping(monitor))


class _Stamping:
    def __init__(self, monitor: Monitor) -> None:
        self._monitor, self.resume = monitor, monitor.resume

    def beat(self) -> None:
        with suppress(FileExistsError), Path(os.environ[STAMP]).open("x") as stamp:
            stamp.write(str(time.time()))
        self._monitor.beat()

    def due(self, *, epoch_ended: bool) -> bool:
        return self._monitor.due(epoch_ended=epoch_ended)

    def keep(self, snapshot: Snapshot) -> None:
        self._monitor.keep(snapshot)


def main() -> None:
    """Starts Ray, runs the trials, prints a table."""
    alone, gang = _trial(Strategy()), _trial(Strategy("multi_worker_mirrored", workers=2))
    with tempfile.TemporaryDirectory() as folder:
        os.environ[STAMP] = str(Path(folder) / "stamp")
        here = os.pathsep.join([str(Path(__file__).parent), os.environ.get("PYTHONPATH", "")])
        variables = {"env_vars": {"PYTHONPATH": here, STAMP: os.environ[STAMP]}}
        ray.init(address="local", include_dashboard=False, log_to_driver=False, runtime_env=variables)
        print(f"{ray.cluster_resources()['CPU']:g} CPUs, load {os.getloadavg()[0]:.1f} at the beginning")
        print(f"{'':24}{'begun':>8}{'first steps':>13}{'outcome':>9}")
        for _ in range(1 + REPEATS):
            _measure("worker", alone, 1)
        for _ in range(REPEATS):
            _measure("gang of two", gang, 2)
        for _ in range(REPEATS):
            _measure_ray_train(gang, folder)
        print(f"load {os.getloadavg()[0]:.1f} at the end")
        ray.shutdown()


def _trial(strategy: Strategy) -> TrainTrial:
    return TrainTrial(
        id=strategy.name,
        cell=Cell("projection", "class", "functional", "digits", strategy),
        seed=0,
        training=Training(epochs=3, global_batch=16, steps_per_call=2),
        options={"units": 6},
        profile=Profile(),
        resources=Resources(1.0, processes=strategy.processes),
    )


def _digits() -> Dataset:
    inputs = np.random.default_rng(0).random((80, 12)).astype("float32")
    targets = inputs[:, :3].argmax(axis=1).astype("int32")
    train, test = (Examples({"vectors": inputs[cut]}, targets[cut]) for cut in (slice(64), slice(64, None)))
    return Dataset("digits", "classification", train, test, outputs=3)


def _measure(name: str, trial: TrainTrial, times: int) -> None:
    """The trial so many times, one after the other.  Ray chooses the process; the evidence says whether it was warm."""
    trials = [msgspec.structs.replace(trial, id=str(number)) for number in range(times)]
    begun: list[float] = []
    start = time.time()
    outcomes = execute(trials, {"digits": _digits()}, runner=TIMED, on_start=lambda _: begun.append(time.time()))
    for outcome in outcomes:
        warmth = "warm" if outcome.worker.warm else "cold"
        _show(f"{warmth} {name}", start, f"{begun[-1] - start:8.2f}")
        start = time.time()


def _measure_ray_train(trial: TrainTrial, folder: str) -> None:
    try:
        from ray.train import RunConfig, ScalingConfig
        from ray.train.tensorflow import TensorflowTrainer
    except ImportError as error:
        print(f"Ray Train: {error}")
        return
    start = time.time()
    TensorflowTrainer(
        partial(_train_under_ray_train, trial, _digits()),
        scaling_config=ScalingConfig(num_workers=2, resources_per_worker={"CPU": 1}),
        run_config=RunConfig(storage_path=folder),
    ).fit()
    _show("Ray Train, two workers", start, f"{'-':>8}")


def _train_under_ray_train(trial: TrainTrial, dataset: Dataset) -> None:
    """In a worker of Ray Train, which has set TF_CONFIG."""
    os.environ.update(profile_environment(trial.profile))
    from start_up import timed

    timed(trial, dataset)


def _show(name: str, start: float, begun: str) -> None:
    stamp = Path(os.environ[STAMP])
    print(f"{name:24}{begun}{float(stamp.read_text()) - start:13.2f}{time.time() - start:9.2f}", flush=True)
    stamp.unlink()


if __name__ == "__main__":
    main()
