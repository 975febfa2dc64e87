"""A run to MLflow: one run for the whole, below it one for each cell and one for each arm of each training.

The whole has the config as parameters and the report as artifacts, a cell its verdict and differences, an arm its
metrics and learning curves.  What was exported before is found by its tag and not made again.
"""

import importlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec

from pipeline.errors import ConfigError
from pipeline.export.tracking import Logged, Tracking
from pipeline.publish import publish_existing
from pipeline.records import ArmResult, CellSummary, Record, Result, TrainEvidence
from pipeline.store.place import Place, opened_to_write

WHERE = "export mlflow"


class Exported(Record, frozen=True):
    """What came of an export: the MLflow run of the whole, and how many runs below it are new."""

    experiment: str
    run_id: str
    made: int
    there: int

    @property
    def sentence(self) -> str:
        """For the terminal."""
        return (
            f"MLflow: experiment {self.experiment}, run {self.run_id}: {self.made} runs made, {self.there} were there"
        )


def to_mlflow(place: Place, tracking_uri: str | None = None, experiment: str | None = None) -> Exported:
    """Exports the run directory, its report rendered anew.

    RunDirectoryError where it is none, ConfigError where MLflow is not installed or the server can't be used.
    """
    try:
        mlflow, problems = (importlib.import_module(name) for name in ("mlflow", "mlflow.exceptions"))
    except ImportError as problem:
        raise ConfigError(WHERE, f"MLflow is not here ({problem})", "pip install 'layerparity[mlflow]'") from None
    try:
        with opened_to_write(place) as files:
            result = publish_existing(files)
            client = mlflow.MlflowClient(tracking_uri=tracking_uri)
            return _export(result, files.root, Tracking(client, experiment or result.run.name))
    except problems.MlflowException as problem:
        where = f"{WHERE} --tracking-uri {tracking_uri}" if tracking_uri else WHERE
        raise ConfigError(where, " ".join(str(problem).split()), "name a server that is there") from problem


def _export(result: Result, folder: Path, tracking: Tracking) -> Exported:
    whole = tracking.log(_whole(result), above=None)
    tracking.artifacts(whole, folder / "report")
    for item in result.summaries:
        cell = tracking.log(_cell(item), above=whole)
        for evidence in result.run.evidence:
            if isinstance(evidence, TrainEvidence) and evidence.trial.cell == item.cell:
                for arm in evidence.arms:
                    tracking.log(_arm(evidence, arm), above=cell)
    tracking.finish(whole)
    return Exported(tracking.experiment, whole, tracking.made, tracking.there)


def _whole(result: Result) -> Logged:
    run, verdicts = result.run, [item.verdict for item in result.summaries]
    config = msgspec.yaml.decode(run.config)
    environment = run.environment
    return Logged(
        key=f"run {run.name} {environment.started}",
        name=run.name,
        parameters=dict(_flat("", config)),
        metrics={
            **{f"cells_{verdict}": float(verdicts.count(verdict)) for verdict in dict.fromkeys(verdicts)},
            "failed_trials": float(len(run.failures)),
            "exit_code": float(result.exit_code),
        },
        tags={
            "question": run.question,
            "commit": environment.git_commit,
            "machine": f"{environment.cpu}, {environment.cores} cores",
            **{f"version.{name}": version for name, version in environment.versions.items()},
        },
        started=environment.started,
    )


def _cell(item: CellSummary) -> Logged:
    metrics: dict[str, float] = {}
    for found in item.differences:
        metrics |= {f"{found.metric}_difference{end}": getattr(found, at) for end, at in _ENDS.items()}
    for phase, cost in item.cost.phases.items() if item.cost else ():
        metrics[f"{phase}_ratio"] = cost.ratio.value
    return Logged(
        key=f"cell {item.cell.label}",
        name=item.cell.label,
        parameters=dict(_flat("", msgspec.to_builtins(item.cell))),
        metrics=metrics,
        tags={"verdict": item.verdict, "level": item.level, "sentence": item.sentence},
    )


def _arm(evidence: TrainEvidence, arm: ArmResult) -> Logged:
    trial = evidence.trial
    return Logged(
        key=f"arm {trial.id} {arm.style}",
        name=f"{arm.style} · seed {trial.seed}",
        parameters={"arm": arm.style, "seed": str(trial.seed), **dict(_flat("", msgspec.to_builtins(trial.training)))},
        metrics={
            **arm.metrics,
            "parameters": float(arm.parameters),
            "train_seconds": arm.train_seconds,
            "examples_per_second": arm.examples_per_second,
        },
        curves={"train_loss": arm.train_loss, "held_out": arm.held_out},
        tags={"weights": arm.weights_digest, "host": evidence.worker.host, "device": evidence.worker.device},
        started=evidence.worker.started,
    )


_ENDS: Mapping[str, str] = {"": "mean", "_low": "low", "_high": "high"}


def _flat(prefix: str, value: Any) -> Iterator[tuple[str, str]]:
    """Dotted keys of nested mappings; a list is one value."""
    if isinstance(value, Mapping) and value:
        for key, inner in value.items():
            yield from _flat(f"{prefix}{key}.", inner)
    else:
        yield prefix[:-1], str(value)
