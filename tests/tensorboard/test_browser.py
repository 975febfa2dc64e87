"""TensorBoard in a browser, over logs that were made again from a run's evidence."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from chromium import Page, page
from serving import wait_for

from pipeline.records import Published, Run, TrainEvidence
from pipeline.store.run_directory import RunDirectory
from pipeline.tensorboard.board import run_name
from pipeline.tensorboard.rebuild import rebuild
from pipeline.tensorboard.serve import serve

pytestmark = pytest.mark.long  # it needs Chromium, and a minute


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Page]:
    """A browser's only page."""
    with page(tmp_path / "browser") as opened:
        yield opened


@pytest.fixture
def url(tmp_path: Path, with_weights: TrainEvidence, run_of: Callable[..., Run]) -> Iterator[str]:
    """Where TensorBoard shows a run of one seed whose weights were kept."""
    directory, run = RunDirectory.open(tmp_path / "run", "name: made\n"), run_of(with_weights)
    directory.write_about(run.name, "", run.margins, Published())
    directory.write_plan(run.plan)
    directory.write_data([])
    directory.write_environment(run.environment)
    directory.write(with_weights)
    rebuild(directory.paths.root)
    with serve(directory.paths.root) as server:
        wait_for(server.url, run_name(with_weights.trial, "class"))
        yield server.url


def test_scalars_hyperparameters_and_projector_show_data(opened: Page, url: str) -> None:
    opened.go(f"{url}#timeseries")
    charts = "everywhere('scalar-card').map(each => each.innerText.replace(/\\s+/g, ' '))"
    assert opened.wait(f"{charts}.find(text => text.includes('seed-3/class 0.5 0.5 2'))").startswith("auc")

    opened.go(f"{url}#hparams")
    rows = opened.wait(
        "(cells => cells.includes('functional') && cells)"
        "(everywhere('vaadin-grid-cell-content').map(each => each.innerText.trim()))"
    )
    assert {"class", "functional", "0.50000"} <= set(rows)

    opened.go(f"{url}#projector")
    assert opened.wait("everywhere('.numDataPoints').find(each => each.innerText.trim() === '6') && true")
