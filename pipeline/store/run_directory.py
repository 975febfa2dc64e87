"""A run on disk: the truth about it, of which TensorBoard's logs and the report are views.

    config.yaml  about.json  plan.json  environment.json  data.json  driver.lock
    timings/<start>.json  evidence/<trial id>.json  weights/<trial id>.npz  kept/<trial id>/  failures/<trial id>.json
    tensorboard/  report/

Only the driver writes, one whole file at a time.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

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
    Run,
    RunTiming,
    TimeEvidence,
    TrainEvidence,
)
from pipeline.store import codec, config_text, kept
from pipeline.store.atomic import TEMPORARY_SUFFIX, cannot_write, write_atomic
from pipeline.store.layout import Layout
from pipeline.store.lock import Owner, locked

_DAMAGED = "delete this file and run again: the trial then runs anew"
_OTHER = "choose another --run-dir, or delete this one"
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
    """Reads and writes the run directory at `path`.  Every problem with it is a RunDirectoryError."""

    def __init__(self, path: Path) -> None:
        self.paths = Layout(path)

    @classmethod
    def open(cls, path: Path, config_yaml: str) -> "RunDirectory":
        """Makes the directory for this config, or opens the one that already is; refuses that of another config."""
        directory = cls(path)
        if directory.paths.config.is_file():
            directory._must_be_of(config_yaml)
        else:
            directory._must_be_new()
            write_atomic(directory.paths.config, config_yaml.encode())
        return directory

    @classmethod
    def existing(cls, path: Path) -> "RunDirectory":
        """Opens the directory of an earlier run, whatever its config."""
        if not (path / "config.yaml").is_file():
            raise RunDirectoryError(
                str(path), "is not a run directory", "give the --run-dir of an earlier `parity run`"
            )
        return cls(path)

    @contextmanager
    def lock(self) -> Iterator[Owner]:
        """Keeps other drivers out while this one writes, and removes what a killed one left half-written."""
        with locked(self.paths.lock) as owner:
            for leftover in self.paths.root.rglob(f".*{TEMPORARY_SUFFIX}"):
                leftover.unlink(missing_ok=True)
            yield owner

    def finished(self) -> dict[str, Evidence]:
        """The evidence so far, by trial id."""
        return dict(_by_trial(self.paths.evidence, Evidence))

    def failures(self) -> dict[str, Failure]:
        """The failures so far, by trial id."""
        return dict(_by_trial(self.paths.failures, Failure))

    def write(self, outcome: Outcome) -> None:
        """Keeps what a trial gave.  Evidence replaces an earlier failure of the same trial, never the reverse."""
        name = f"{outcome.trial.id}.json"
        if isinstance(outcome, Failure):
            write_atomic(self.paths.failures / name, codec.encode(outcome))
            return
        write_atomic(self.paths.evidence / name, codec.encode(self._bare(outcome)))
        failure = self.paths.failures / name
        try:
            failure.unlink(missing_ok=True)
        except OSError as error:
            raise cannot_write(failure, error) from error

    def with_kept(self, evidence: Evidence) -> Evidence:
        """The evidence with the weights and other files that were kept of it, if any."""
        if isinstance(evidence, TrainEvidence | TimeEvidence):
            evidence = structs.replace(evidence, kept=kept.read_folder(self.paths.kept / evidence.trial.id))
        if isinstance(evidence, TrainEvidence) and (path := self._weights_of(evidence)).is_file():
            evidence = structs.replace(evidence, weights=kept.read_file(path))
        return evidence

    def _bare(self, evidence: Evidence) -> Evidence:
        """Puts what is kept of it into files of their own, which are there before the evidence is."""
        if isinstance(evidence, TrainEvidence | TimeEvidence):
            kept.write(self.paths.kept / evidence.trial.id, evidence.kept)
            evidence = structs.replace(evidence, kept={})
        if isinstance(evidence, TrainEvidence) and evidence.weights:
            write_atomic(self._weights_of(evidence), evidence.weights)
            evidence = structs.replace(evidence, weights=b"")
        return evidence

    def _weights_of(self, evidence: Evidence) -> Path:
        return self.paths.weights / f"{evidence.trial.id}.npz"

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
        write_atomic(self.paths.about, codec.encode(about))

    def write_plan(self, plan: Plan) -> None:
        """Keeps the plan of this session."""
        write_atomic(self.paths.plan, codec.encode(plan))

    def write_environment(self, environment: Environment) -> None:
        """Keeps what this session runs on and from."""
        write_atomic(self.paths.environment, codec.encode(environment))

    def write_data(self, data: Iterable[DataInfo]) -> None:
        """Keeps which data sets the run uses."""
        write_atomic(self.paths.data, codec.encode(tuple(data)))

    def write_timing(self, timing: RunTiming) -> None:
        """Keeps how long this session took, beside the earlier ones."""
        write_atomic(self.paths.timing(timing), codec.encode(timing))

    def write_report(self, files: Mapping[str, bytes]) -> None:
        """Replaces the report's files, given by name."""
        for name, content in files.items():
            write_atomic(self.paths.report / name, content)

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
            config=self._config(),
            margins=about.margins,
            looks=about.looks,
            published=about.published,
            plan=plan,
            evidence=tuple(finished[t.id] for t in plan.trials if t.id in finished),
            failures=tuple(failures[t.id] for t in plan.trials if t.id in failures and t.id not in finished),
            environment=codec.decode(self.paths.environment, Environment, _INCOMPLETE),
            data=codec.decode(self.paths.data, tuple[DataInfo, ...], _INCOMPLETE),
            timings=tuple(codec.decode(path, RunTiming, _DAMAGED_TIMING) for path in _files(self.paths.timings)),
        )

    def _config(self) -> str:
        try:
            return self.paths.config.read_text(encoding="utf-8")
        except (OSError, UnicodeError) as error:
            raise RunDirectoryError(str(self.paths.config), f"can't be read ({error})", _OTHER) from error

    def _must_be_of(self, config_yaml: str) -> None:
        there = self._config()
        if there == config_yaml:
            return
        keys = config_text.describe(config_text.differing_keys(there, config_yaml))
        what = f"holds a run of another config (differs in: {keys or 'layout only'})"
        raise RunDirectoryError(str(self.paths.root), what, _OTHER)

    def _must_be_new(self) -> None:
        root = self.paths.root
        try:
            taken = root.is_dir() and any(root.iterdir())
        except OSError as error:
            raise cannot_write(root, error) from error
        if taken:
            raise RunDirectoryError(str(root), "has files in it and is not a run directory", _OTHER)


def _files(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.json"))


def _by_trial(folder: Path, kind: Any) -> Iterator[tuple[str, Any]]:
    """(trial id, record) of each file in the folder; a file must hold the trial that its name says."""
    for path in _files(folder):
        record = codec.decode(path, kind, _DAMAGED)
        if record.trial.id != path.stem:
            raise RunDirectoryError(str(path), f"holds the record of another trial ({record.trial.id})", _DAMAGED)
        yield path.stem, record
