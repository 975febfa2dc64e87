import socket
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote
from urllib.request import urlopen

import pytest
from serving import ask, wait_for

from pipeline.errors import ConfigError, RunDirectoryError
from pipeline.records import Run, TrainEvidence
from pipeline.tensorboard.board import Board
from pipeline.tensorboard.serve import PORTS_TRIED, serve

RUN = "lookup-functional-vs-class-ratings-mirrored-2-keras-float32/seed-3/class"


def fetch(url: str) -> str:
    with urlopen(url, timeout=30) as answer:
        return str(answer.read().decode())


def test_server_shows_scalars_bands_hyperparameters_and_verdicts(
    tmp_path: Path, evidence: TrainEvidence, run_of: Callable[..., Run]
) -> None:
    board = Board(tmp_path / "tensorboard")
    board.evidence(evidence)
    board.result(run_of(evidence), [])
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with serve(tmp_path, port=port) as server:
            assert server.url != f"http://127.0.0.1:{port}/"  # that one is taken
            wait_for(server.url, RUN)
            tags = ask(f"{server.url}data/plugin/scalars/tags")
            sessions = ask(
                f"{server.url}data/plugin/hparams/session_groups",
                {"allowedStatuses": ["STATUS_SUCCESS"], "colParams": [{"metric": {"tag": "rmse"}}], "sliceSize": 10},
            )
            columns = ask(f"{server.url}data/plugin/hparams/experiment", {})["hparamInfos"]
            text = ask(f"{server.url}data/plugin/text/tags")
            charts = ask(f"{server.url}data/plugin/custom_scalars/layout")

    shown = {"train_loss", "rmse", "auc", "step_ms", "input_ms", "examples_per_second", "input_examples_per_second"}
    assert set(tags[RUN]) == shown | {"input_bound"}
    cell = RUN.partition("/")[0]
    assert set(tags[f"{cell}/seeds/class/mean"]) == set(tags[RUN])
    (band,) = [chart["margin"]["series"][0] for chart in charts["category"][1]["chart"] if chart["title"] == "rmse"]
    assert set(band.values()) <= set(tags[f"{cell}/seeds"])
    assert columns[0]["name"] == "style"  # what tells the rows apart comes first
    groups = {group["hparams"]["style"]: group for group in sessions["sessionGroups"]}
    assert set(groups) == {"class", "functional"}
    assert {m["name"]["tag"]: m["value"] for m in groups["class"]["metricValues"]}["rmse"] == 0.75
    assert text == {".": ["verdicts"]}
    assert server.wait() is not None  # it has ended


def test_server_shows_histograms_and_tables_of_kept_weights(tmp_path: Path, with_weights: TrainEvidence) -> None:
    Board(tmp_path / "tensorboard").evidence(with_weights)
    with serve(tmp_path) as server:
        wait_for(server.url, RUN)
        histograms = ask(f"{server.url}data/plugin/histograms/tags")
        (run,) = ask(f"{server.url}data/plugin/projector/runs")
        info = ask(f"{server.url}data/plugin/projector/info?run={quote(run, safe='')}")
        names = fetch(f"{server.url}data/plugin/projector/metadata?run={quote(run, safe='')}&name=table")

    assert set(histograms[RUN]) == {"weights/table", "weights/head/bias"}
    assert info["embeddings"][0]["tensorShape"] == [6, 2]
    assert names.splitlines()[1] == "0\tclass"


def test_directory_without_logs_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RunDirectoryError, match="has no tensorboard folder"):
        serve(tmp_path).__enter__()


def test_address_that_is_not_this_machine_is_refused(tmp_path: Path) -> None:
    (tmp_path / "tensorboard").mkdir()

    with pytest.raises(ConfigError, match=f"can't listen on 203.0.113.1, ports 6006 to {6006 + PORTS_TRIED - 1}"):
        serve(tmp_path, host="203.0.113.1").__enter__()
