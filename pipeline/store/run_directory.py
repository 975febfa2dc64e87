"""A run on disk: the truth about it, of which TensorBoard's logs and the report are views.

    config.yaml  about.json  plan.json  environment.json  data.json  driver.lock
    timings/<start>.json  evidence/<trial id>.json  weights/<trial id>.npz  kept/<trial id>/  failures/<trial id>.json
    snapshots/<trial id>.npz  set-aside/  set-aside.json  tensorboard/  report/

Only the driver writes, one whole file at a time.  In an object store the same files are objects.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from msgspec import structs

from pipeline.errors import RunDirectoryError
from pipeline.records import (
    DataInfo,
    Environment,
    Evidence,
    Failure,
    Outcome,
    Plan,
    Published,
    Record,
    Retries,
    Run,
    RunTiming,
    SetAside,
    TimeEvidence,
    TrainEvidence,
)
from pipeline.store import codec, kept
from pipeline.store.files import Files, files_at
from pipeline.store.folder import by_trial, whole
from pipeline.store.layout import Layout
from pipeline.store.lock import Owner
from pipeline.store.opening import config_of, keep_config
from pipeline.store.set_aside import listed, put_aside
from pipeline.store.snapshots import SnapshotFiles

_DAMAGED = "delete this file and run again: the trial then runs anew"
_DAMAGED_TIMING = "delete this file: only the timing of that session is lost"
_INCOMPLETE = "run `parity run` with this --run-dir once more: it writes what is missing"


class About(Record, frozen=True):
    """What a run is called, what it asks, the margin of each metric, when it looks, and what others published."""

    name: str
    question: str
    margins: Mapping[str, float | str]
    published: Published = Published()
    looks: tuple[int, ...] = ()


class RunDirectory:
    """Reads and writes the run directory at `place`.  Every problem with it is a RunDirectoryError."""

    def __init__(self, place: Path | Files) -> None:
        self.files = files_at(place)
        self.paths = Layout(self.files.root)
        self.snapshots = SnapshotFiles(self.files)
        self._is_mine = False

    @classmethod
    def open(cls, place: Path | Files, config_yaml: str) -> "RunDirectory":
        """Makes the directory for this config, or opens the one that already is; refuses that of another config.

        What only says how trials are watched and tried again may differ.
        """
        directory = cls(place)
        keep_config(directory.files, directory.paths.config, config_yaml)
        return directory

    @classmethod
    def existing(cls, place: Path | Files) -> "RunDirectory":
        """Opens the directory of an earlier run, whatever its config."""
        directory = cls(place)
        if not directory.paths.config.is_file():
            raise RunDirectoryError(
                str(directory.paths.root), "is not a run directory", "give the --run-dir of an earlier `parity run`"
            )
        return directory

    @contextmanager
    def lock(self) -> Iterator[Owner]:
        """Keeps other drivers out while this one writes, and removes what a killed one left half-written."""
        with self.files.lock() as owner:
            for leftover in self.files.leftovers():
                self.files.remove(leftover)
            self._is_mine = True
            try:
                yield owner
            finally:
                self._is_mine = False

    def finished(self) -> dict[str, Evidence]:
        """The evidence so far, by trial id.

        A record that is not whole is an error; to the driver that holds the lock it is none: it sets the file aside,
        and the trial runs again.
        """
        return by_trial(self.paths.evidence, Evidence, self._refuse)

    def failures(self) -> dict[str, Failure]:
        """The failures so far, by trial id.  Damaged ones as those of the evidence."""
        return by_trial(self.paths.failures, Failure, self._refuse)

    def set_aside(self) -> tuple[SetAside, ...]:
        """The files that were not whole, over all sessions."""
        return listed(self.paths.root)

    def lacks_environment(self) -> bool:
        """Whether no session has said on what it runs, or that can't be read."""
        try:
            codec.decode(self.paths.environment, Environment, _INCOMPLETE)
        except RunDirectoryError:
            return True
        return False

    def write(self, outcome: Outcome) -> None:
        """Keeps what a trial gave.  Evidence replaces an earlier failure of the same trial, never the reverse."""
        name = f"{outcome.trial.id}.json"
        if isinstance(outcome, Failure):
            self.files.write(self.paths.failures / name, codec.encode(outcome))
            if not Retries().of(outcome.category):  # another attempt would fail in the same way
                self.snapshots.drop(outcome.trial.id)
            return
        self.files.write(self.paths.evidence / name, codec.encode(self._bare(outcome)))
        self.files.remove(self.paths.failures / name)
        self.snapshots.drop(outcome.trial.id)

    def with_kept(self, evidence: Evidence) -> Evidence:
        """The evidence with the weights and other files that were kept of it, if any."""
        if isinstance(evidence, TrainEvidence | TimeEvidence):
            folder = self.files.bring(self.paths.kept / evidence.trial.id)
            evidence = structs.replace(evidence, kept=kept.read_folder(folder))
        if isinstance(evidence, TrainEvidence) and (path := self._weights_of(evidence)).is_file():
            evidence = structs.replace(evidence, weights=kept.read_file(path))
        return evidence

    def _bare(self, evidence: Evidence) -> Evidence:
        """Puts what is kept of it into files of their own, which are there before the evidence is."""
        if isinstance(evidence, TrainEvidence | TimeEvidence):
            for name, content in evidence.kept.items():
                self.files.write(self.paths.kept / evidence.trial.id / name, content)
            evidence = structs.replace(evidence, kept={})
        if isinstance(evidence, TrainEvidence) and evidence.weights:
            self.files.write(self._weights_of(evidence), evidence.weights)
            evidence = structs.replace(evidence, weights=b"")
        return evidence

    def _weights_of(self, evidence: Evidence) -> Path:
        return self.files.bring(self.paths.weights / f"{evidence.trial.id}.npz")

    def write_about(
        self,
        name: str,
        question: str,
        margins: Mapping[str, float | str],
        published: Published,
        looks: Iterable[int] = (),
    ) -> None:
        """Keeps what the run is called and asks, and the margins, published figures and looks that its config names."""
        about = About(name=name, question=question, margins=margins, published=published, looks=tuple(looks))
        self.files.write(self.paths.about, codec.encode(about))

    def write_plan(self, plan: Plan) -> None:
        """Keeps the plan of this session."""
        self.files.write(self.paths.plan, codec.encode(plan))

    def write_environment(self, environment: Environment) -> None:
        """Keeps what this session runs on and from."""
        self.files.write(self.paths.environment, codec.encode(environment))

    def write_data(self, data: Iterable[DataInfo]) -> None:
        """Keeps which data sets the run uses."""
        self.files.write(self.paths.data, codec.encode(tuple(data)))

    def write_timing(self, timing: RunTiming) -> None:
        """Keeps how long this session took, beside the earlier ones."""
        self.files.write(self.paths.timing(timing), codec.encode(timing))

    def write_report(self, files: Mapping[str, bytes]) -> None:
        """Replaces the report's files, given by name."""
        for name, content in files.items():
            self.files.write(self.paths.report / name, content)

    def read(self) -> Run:
        """The whole run, evidence and failures in the plan's order.

        Evidence of trials that are no longer in the plan (their source changed, say) stays on disk and out of the run.
        """
        about: About = codec.decode(self.paths.about, About, _INCOMPLETE)
        plan: Plan = codec.decode(self.paths.plan, Plan, _INCOMPLETE)
        finished, failures = self.finished(), self.failures()
        return Run(
            name=about.name,
            question=about.question,
            config=config_of(self.paths.config),
            margins=about.margins,
            looks=about.looks,
            published=about.published,
            plan=plan,
            evidence=tuple(finished[t.id] for t in plan.trials if t.id in finished),
            failures=tuple(failures[t.id] for t in plan.trials if t.id in failures and t.id not in finished),
            environment=codec.decode(self.paths.environment, Environment, _INCOMPLETE),
            data=codec.decode(self.paths.data, tuple[DataInfo, ...], _INCOMPLETE),
            timings=tuple(timing for _, timing in whole(self.paths.timings, RunTiming, _DAMAGED_TIMING, self._refuse)),
            set_aside=self.set_aside(),
        )

    def _refuse(self, error: RunDirectoryError) -> None:
        if not self._is_mine:
            raise error
        put_aside(self.files, Path(error.where), error.what)
