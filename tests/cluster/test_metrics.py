"""The counts of a run as Prometheus reads them off a Ray node."""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

import pytest
import ray
from small_ray import small_ray

from pipeline.cluster.metrics import Watch, exported
from pipeline.progress import Display
from pipeline.records import Failure, Outcome, Trial


class Noting:
    """A display that notes what it was told."""

    def __init__(self) -> None:
        self.told: list[str] = []

    def begun(self, trial: Trial) -> None:
        self.told.append(f"begun {trial.id}")

    def ended(self, outcome: Outcome) -> None:
        self.told.append(f"ended {outcome.trial.id}")


@pytest.fixture
def noting() -> Noting:
    return Noting()


def watched_by(display: Display) -> Watch:
    """The watch that shows everything on this display."""

    @contextmanager
    def watch(todo: int, before: int) -> Iterator[Display]:
        del todo, before
        yield display

    return watch


@pytest.fixture
def node() -> Iterator[str]:
    """The address at which a Ray of this test's own exports its metrics."""
    with small_ray(Path(__file__).parent, cpus=1, _system_config={"metrics_report_interval_ms": 200}):
        (there,) = ray.nodes()
        yield f"http://{there['NodeManagerAddress']}:{there['MetricsExportPort']}/metrics"


def counts(address: str) -> dict[str, float]:
    """Trials by state, as exported."""
    with urlopen(address, timeout=5) as answer:
        text = answer.read().decode()
    lines = re.findall(r"^ray_parity_trials\{(.*)\} (\S+)$", text, re.MULTILINE)
    assert all('Run="smoke"' in labels for labels, _ in lines)
    return {re.findall(r'State="(\w+)"', labels)[0]: float(value) for labels, value in lines}


def test_trials_are_counted_by_state_where_prometheus_looks(node: str, noting: Noting, trial) -> None:
    expected = {"waiting": 1, "running": 1, "finished": 2, "failed": 1}
    with exported(watched_by(noting), "smoke")(3, 2) as display:
        display.begun(trial(1))
        display.begun(trial(2))
        display.ended(Failure(trial(1), "numeric", "the loss is NaN"))
        deadline = time.monotonic() + 60
        while counts(node) != expected and time.monotonic() < deadline:
            time.sleep(0.2)
        assert counts(node) == expected


def test_without_ray_everything_is_handed_on_all_the_same(noting: Noting, trial) -> None:
    with exported(watched_by(noting), "smoke")(1, 0) as display:
        display.begun(trial(1))
        display.ended(Failure(trial(1), "numeric", "the loss is NaN"))
    assert noting.told == ["begun trial1", "ended trial1"]
