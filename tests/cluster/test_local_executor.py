import os
import signal
from collections.abc import Iterator
from itertools import islice

import pytest
from gang_trials import gang_trial
from trial_functions import configure, misbehave, report

from pipeline import interrupts
from pipeline.cluster.kept import InMemory
from pipeline.cluster.local_executor import execute, joint_profile
from pipeline.cluster.worker import Runner
from pipeline.errors import ClusterError
from pipeline.records import Failure, Profile, TrainEvidence
from pipeline.training.monitor import UNWATCHED, Part, Snapshot

REPORT, MISBEHAVE = Runner(report, configure), Runner(misbehave, configure)


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """The executor sets this process up for good; a test gives its environment back."""
    monkeypatch.setattr(os, "environ", os.environ.copy())


def test_trials_run_here_in_order(trial, datasets) -> None:
    begun: list[int] = []
    outcomes = list(execute([trial(2), trial(1)], datasets, on_start=lambda t: begun.append(t.seed), runner=REPORT))

    assert [(o.trial.seed, o.worker.pid) for o in outcomes] == [(2, os.getpid()), (1, os.getpid())]
    assert begun == [2, 1]


def test_failure_does_not_stop_the_others(trial, datasets) -> None:
    outcomes = list(execute([trial(1, fault="raise"), trial(2)], datasets, runner=MISBEHAVE))

    assert [type(outcome) for outcome in outcomes] == [Failure, TrainEvidence]


def test_exception_comes_out_when_debugging(trial, datasets) -> None:
    with pytest.raises(ValueError, match="first line"):
        list(execute([trial(1, fault="raise")], datasets, runner=MISBEHAVE, debug=True))


def test_trial_error_stays_a_failure_when_debugging(trial, datasets) -> None:
    (outcome,) = execute([trial(1, fault="diverge")], datasets, runner=MISBEHAVE, debug=True)

    assert isinstance(outcome, Failure)


def test_process_is_set_up_once_with_the_most_devices_and_threads(trial, datasets) -> None:
    seen: list[Profile] = []
    trials = [trial(1, profile=Profile(threads=2)), trial(2, profile=Profile(logical_devices=4))]

    list(execute(trials, datasets, runner=Runner(report, seen.append)))

    assert seen == [Profile(threads=2, logical_devices=4)]


def test_second_frontend_is_refused_with_the_remedy(trial) -> None:
    trials = [trial(1, profile=Profile(frontend="tf_keras")), trial(2)]

    with pytest.raises(
        ClusterError,
        match=r"different frontend .*frontends=\[keras\], and article_examples=false",
    ):
        joint_profile(trials)


def test_address_is_refused(trial, datasets) -> None:
    with pytest.raises(ClusterError, match="not at auto"):
        list(execute([trial(1)], datasets, address="auto", runner=REPORT))


def test_gang_is_refused_before_anything_runs(trial, datasets) -> None:
    begun: list[str] = []

    with pytest.raises(ClusterError, match=r"multi_worker_mirrored\(2 x 1\) takes processes that start together"):
        list(execute([trial(1), gang_trial()], datasets, on_start=lambda t: begun.append(t.id), runner=REPORT))

    assert begun == []


def test_trial_goes_on_from_what_was_kept_of_it(trial, datasets) -> None:
    resumed: list[Snapshot | None] = []
    kept, snapshot = InMemory(), Snapshot((), 1, (), (0.5,), ({"accuracy": 0.25},), (1.5,), part=Part(3, 2.0, 0.5, 1.0))

    def keeping(trial, dataset, monitor):
        resumed.append(monitor.resume)
        monitor.keep(snapshot)
        return report(trial, dataset, monitor)

    for _ in range(2):
        list(execute([trial(1)], datasets, runner=Runner(keeping, configure), kept=kept))

    assert resumed == [None, snapshot]


def test_no_trials_give_no_outcomes(datasets) -> None:
    assert list(execute([], datasets, runner=REPORT)) == []


class Dropped:
    """Gets Ctrl-C where Python drops what its handler raises."""

    def __del__(self) -> None:
        os.kill(os.getpid(), signal.SIGINT)


def interrupted(trial, dataset, monitor):
    """Is told to stop while a destructor runs."""
    dropped = Dropped()
    del dropped
    return report(trial, dataset, monitor)


def quiet(trial, dataset, monitor):
    """The same, and gives no sign of progress."""
    del monitor
    return interrupted(trial, dataset, UNWATCHED)


@pytest.fixture
def _listening() -> Iterator[None]:
    interrupts.listen()
    yield
    interrupts.listen()  # which forgets
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.usefixtures("_listening")
@pytest.mark.parametrize(("run", "finished"), [(interrupted, 0), (quiet, 1)])
def test_ctrl_c_that_a_destructor_swallows_ends_the_run_at_the_next_sign_or_trial(
    run, finished: int, trial, datasets
) -> None:
    outcomes = execute([trial(1), trial(2)], datasets, runner=Runner(run, configure))

    assert len(list(islice(outcomes, finished))) == finished
    with pytest.raises(KeyboardInterrupt):
        next(outcomes)
