"""Runs trials in this process, one after the other, so that a debugger can step into them."""

import os
import sys
from collections.abc import Callable, Generator, Mapping, Sequence
from functools import partial

import msgspec

from pipeline import interrupts
from pipeline.cluster.gangs import takes_gang
from pipeline.cluster.kept import InMemory, Kept
from pipeline.cluster.profile_environment import profile_environment
from pipeline.cluster.told import Told
from pipeline.cluster.worker import TRAINING, Runner, checked, failure_of, resolved, run_trial
from pipeline.errors import ClusterError, TrialError
from pipeline.records import Dataset, ExampleTrial, Outcome, Profile, Trial, TrialLimits
from pipeline.training.monitor import Snapshot

USUAL = TrialLimits()


class _Saved(Told):
    """A Monitor that hands its snapshots to `kept` itself."""

    def __init__(self, trial_id: str, kept: Kept, interval: float) -> None:
        super().__init__(kept.load(trial_id), interval)
        self._trial_id, self._kept = trial_id, kept

    def beat(self) -> None:
        """Ctrl-C ends the trial here, at the latest."""
        interrupts.check()
        super().beat()

    def keep(self, snapshot: Snapshot) -> None:
        super().keep(snapshot)
        self._kept.save(self._trial_id, self.take())


def _nothing(trial: Trial) -> None:
    del trial


def execute(
    trials: Sequence[Trial],
    datasets: Mapping[str, Dataset],
    *,
    address: str | None = None,
    on_start: Callable[[Trial], None] = _nothing,
    runner: Runner = TRAINING,
    alone: TrialLimits = USUAL,
    kept: Kept | None = None,
    debug: bool = False,
) -> Generator[Outcome]:
    """Yields each trial's outcome in order; `on_start` is called just before a trial runs.

    A process has one frontend and one number of logical devices, so it is set up once for all the trials: with the
    most devices any of them needs.  With `debug`, what a trial raises comes out here, for a post-mortem; a TrialError,
    which a trial raises on purpose, stays a Failure.  Snapshots go to `kept` (None: to memory) at the interval that
    `alone` says; nobody watches a trial here, so that no deadline holds, and none is tried again.  Ctrl-C is heard
    between two trials and at each sign of a trial's progress, also where a destructor swallowed its exception.
    ClusterError, before anything runs, if there is an address, if the trials need different processes, or if one takes
    several.
    """
    if address is not None:
        raise ClusterError("--executor local", f"runs in this process, not at {address}", "leave out one of the two")
    if not trials:
        return
    _refuse_gangs(trials)
    profile = joint_profile(trials)
    _set_up(profile, runner)
    keeping = kept or InMemory()
    for trial in trials:
        interrupts.check()
        monitor = _Saved(trial.id, keeping, alone.snapshot_seconds)
        configured = Runner(partial(resolved(runner.run), monitor=monitor), _already)
        dataset = datasets[trial.cell.data] if not isinstance(trial, ExampleTrial) else None
        on_start(trial)
        yield _run_open(trial, dataset, configured) if debug else run_trial(trial, dataset, configured)


def _refuse_gangs(trials: Sequence[Trial]) -> None:
    for trial in filter(takes_gang, trials):
        strategy = trial.cell.strategy
        what = f"{strategy.label} takes processes that start together, and this is one process"
        raise ClusterError("--executor local", what, f"exclude=[{{strategy: {strategy.name}}}], or use Ray")


def joint_profile(trials: Sequence[Trial]) -> Profile:
    """The one profile that suits all the trials; ClusterError if there is none."""
    profiles = [trial.profile for trial in trials]
    for field in ("frontend", "device", "deterministic"):
        values = sorted({str(getattr(profile, field)) for profile in profiles})
        if len(values) > 1:
            what = f"the trials need processes of different {field} ({', '.join(values)}), and this is one process"
            raise ClusterError("--executor local", what, f"choose one, e.g. {_remedy(field, values)}, or use Ray")
    return msgspec.structs.replace(
        profiles[0],
        logical_devices=max(profile.logical_devices for profile in profiles),
        threads=max(profile.threads for profile in profiles),
    )


def _remedy(field: str, values: list[str]) -> str:
    if field == "frontend":
        return f"frontends=[{values[0]}], and article_examples=false, which need both"
    return f"{field}={values[0]}"


def _set_up(profile: Profile, runner: Runner) -> None:
    loaded = sys.modules.get("pipeline.frontend")
    if loaded is not None and profile.frontend != loaded.NAME:
        what = f"this process has already loaded {loaded.NAME}, and the trials need {profile.frontend}"
        raise ClusterError("--executor local", what, "start a new process")
    os.environ.update(profile_environment(profile))
    resolved(runner.configure)(profile)


def _already(profile: Profile) -> None:
    del profile


def _run_open(trial: Trial, dataset: Dataset | None, runner: Runner) -> Outcome:
    try:
        return checked(resolved(runner.run)(trial, dataset))
    except TrialError as error:
        return failure_of(trial, error)
