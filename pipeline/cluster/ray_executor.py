"""Runs trials on Ray: many at once, each in a warm worker process of its profile, or in a gang of them."""

from collections.abc import Callable, Generator, Iterable, Mapping, Sequence

import ray

from pipeline.cluster import gangs
from pipeline.cluster.alone import Alone
from pipeline.cluster.capacity import check_fits
from pipeline.cluster.gangs import takes_gang
from pipeline.cluster.kept import InMemory, Kept
from pipeline.cluster.probe import check_nodes
from pipeline.cluster.session import connected
from pipeline.cluster.tasks import Tasks
from pipeline.cluster.worker import TRAINING, Runner
from pipeline.records import Capacity, Dataset, GangLimits, Outcome, Profile, Retries, TimeTrial, Trial, TrialLimits

USUAL_LIMITS, USUAL_TRIALS, USUAL_RETRIES = GangLimits(), TrialLimits(), Retries()


def _nothing(trial: Trial) -> None:
    del trial


def execute(
    trials: Sequence[Trial],
    datasets: Mapping[str, Dataset],
    *,
    address: str | None = None,
    on_start: Callable[[Trial], None] = _nothing,
    runner: Runner = TRAINING,
    limits: GangLimits = USUAL_LIMITS,
    alone: TrialLimits = USUAL_TRIALS,
    retries: Retries = USUAL_RETRIES,
    kept: Kept | None = None,
) -> Generator[Outcome]:
    """Yields each trial's outcome as it ends: first those of one process, in no particular order, then gangs'.

    Time trials come last: each takes all of a machine, which is then free of others.
    `datasets` are those that the trials name.  `on_start` is called here, on the driver, when the driver hears from a
    worker that the trial has begun there, for the first time (over ray://, when it is handed to the cluster).
    `limits` say what a gang may cost, `alone` and `retries` what a trial alone in its process may; `kept` is where
    snapshots of the latter go (None: to memory).  Over ray:// a trial is not watched or kept: only its end is heard.
    A trial that fails is a Failure among the outcomes; ClusterError if there is no cluster, one too small, or one that
    begins nothing.
    Closing the generator, or Ctrl-C, saves and kills what runs and shuts down a Ray that was started here; close it
    with `contextlib.closing` where the loop over it can raise.
    """
    if not trials:
        return
    with connected(address) as there:
        check_fits(trials, there)
        check_nodes()
        stored = {name: ray.put(dataset) for name, dataset in datasets.items()}
        tasks, keeping = Tasks(stored, runner, alone.snapshot_seconds), kept or InMemory()

        def stream(some: Sequence[Trial]) -> Generator[Outcome]:
            most = _most_in_flight(some, there)
            return Alone(some, tasks, most, alone, retries, keeping, on_start).outcomes()

        timed = [trial for trial in trials if isinstance(trial, TimeTrial)]
        yield from stream(
            by_profile(trial for trial in trials if not (takes_gang(trial) or isinstance(trial, TimeTrial)))
        )
        together = filter(takes_gang, trials)
        yield from gangs.stream(together, stored, there, runner=runner, limits=limits, on_start=on_start)
        yield from stream(timed)


def by_profile(trials: Iterable[Trial]) -> list[Trial]:
    """The trials with those of one profile together, else in their order: each change of profile costs new workers."""
    groups: dict[Profile, list[Trial]] = {}
    for trial in trials:
        groups.setdefault(trial.profile, []).append(trial)
    return [trial for group in groups.values() for trial in group]


def _most_in_flight(trials: Sequence[Trial], there: Capacity) -> int:
    """Twice what can run at once: no worker waits for the driver, and a long plan doesn't flood the cluster."""
    smallest = min((trial.resources.cpus for trial in trials), default=0) or 1.0
    return 2 * max(1, int(there.cpus / smallest))
