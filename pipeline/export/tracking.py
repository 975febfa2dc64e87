"""What an export asks of an MLflow server: a run for each thing, made once, found again by its tag."""

import importlib
import math
import re
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pipeline.records import Record

KEY = "layerparity.key"
MOST = 100  # parameters, tags or metrics that one request may hold
MOST_TEXT = 500  # characters of a value that every store takes


class Logged(Record, frozen=True):
    """One MLflow run to be.  `key` names it among all of the experiment, `curves` have a value per epoch."""

    key: str
    name: str
    parameters: Mapping[str, str]
    metrics: Mapping[str, float]
    tags: Mapping[str, str]
    curves: Mapping[str, Sequence[float]] = {}
    started: float = 0.0  # seconds since the epoch; 0: now


class Tracking:
    """An experiment of a server, by an MlflowClient.  Counts what was made, and what was there."""

    def __init__(self, client: Any, experiment: str) -> None:
        self._client, self.experiment = client, experiment
        found = client.get_experiment_by_name(experiment)
        self._id = found.experiment_id if found else client.create_experiment(experiment)
        self._entities = importlib.import_module("mlflow.entities")
        self.made = self.there = 0

    def log(self, item: Logged, above: str | None) -> str:
        """The id of its run, made below `above` if it was not there."""
        key = item.key if above is None else f"{above} {item.key}"
        filtered = f"tags.`{KEY}` = '{key.replace(chr(39), ' ')}'"
        found = self._client.search_runs([self._id], filter_string=filtered, max_results=1)
        if found:
            self.there += 1
            return str(found[0].info.run_id)
        return self._make(item, key.replace(chr(39), " "), above)

    def artifacts(self, run: str, folder: Path) -> None:
        """The files of a folder, as the run's `report`."""
        self._client.log_artifacts(run, str(folder), artifact_path="report")

    def finish(self, run: str) -> None:
        """Marks the run as ended."""
        self._client.set_terminated(run)

    def _make(self, item: Logged, key: str, above: str | None) -> str:
        started = round((item.started or time.time()) * 1000)
        marks = {KEY: key} | ({"mlflow.parentRunId": above} if above else {})
        made = self._client.create_run(self._id, start_time=started, run_name=item.name[:MOST_TEXT], tags=marks)
        run = str(made.info.run_id)
        self._log(run, "params", [self._entities.Param(_name(k), v[:MOST_TEXT]) for k, v in item.parameters.items()])
        self._log(run, "tags", [self._entities.RunTag(_name(k), v[:MOST_TEXT]) for k, v in item.tags.items() if v])
        self._log(run, "metrics", [*self._metrics(item, started)])
        if above:
            self.finish(run)
        self.made += 1
        return run

    def _metrics(self, item: Logged, moment: int) -> list[Any]:
        values = [(name, value, 0) for name, value in item.metrics.items()]
        values += [(name, value, step) for name, curve in item.curves.items() for step, value in enumerate(curve)]
        return [
            self._entities.Metric(_name(name), value, moment, step)
            for name, value, step in values
            if math.isfinite(value)
        ]

    def _log(self, run: str, kind: str, values: list[Any]) -> None:
        for at in range(0, len(values), MOST):
            self._client.log_batch(run, **{kind: values[at : at + MOST]})


def _name(text: str) -> str:
    """As MLflow takes it."""
    return re.sub(r"[^\w./ -]", "_", text)
