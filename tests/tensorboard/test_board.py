"""Read back with TensorBoard's own reader of event files."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tensorboard.backend.event_processing.event_file_loader import LegacyEventFileLoader
from tensorboard.compat.proto.graph_pb2 import GraphDef
from tensorboard.plugins.hparams import api_pb2, metadata
from tensorboard.util.tensor_util import make_ndarray

from pipeline.analysis import analyse
from pipeline.records import CellSummary, CertifyEvidence, ExampleTrial, Failure, Profile, Resources, Run, TrainEvidence
from pipeline.tensorboard.board import Board, run_name

RUN = "lookup-functional-vs-class-ratings-mirrored-2-keras-float32/seed-3/class"


def values(folder: Path) -> Iterator[tuple[str, int, float, Any]]:
    """(tag, step, time, value message) of everything in a run's event files, in TensorBoard's order."""
    for event in all_events(folder):
        for value in event.summary.value:
            yield value.tag, event.step, event.wall_time, value


def all_events(folder: Path) -> Iterator[Any]:
    for path in sorted(folder.glob("*tfevents*")):
        yield from LegacyEventFileLoader(str(path)).Load()


def scalars(folder: Path) -> list[tuple[str, int, float, float]]:
    return [(tag, step, at, v.tensor.float_val[0]) for tag, step, at, v in values(folder) if v.tensor.float_val]


def session(folder: Path, tag: str) -> Any:
    (value,) = [value for found, _, _, value in values(folder) if found == tag]
    content = value.metadata.plugin_data.content
    if tag == metadata.SESSION_START_INFO_TAG:
        return metadata.parse_session_start_info_plugin_data(content)
    return metadata.parse_session_end_info_plugin_data(content)


def contents(directory: Path) -> dict[str, bytes]:
    return {str(path.relative_to(directory)): path.read_bytes() for path in directory.rglob("*") if path.is_file()}


def test_run_is_named_by_cell_seed_and_style(evidence: TrainEvidence) -> None:
    assert run_name(evidence.trial, "class") == RUN


def test_curves_are_by_epoch_and_other_values_at_the_end(tmp_path: Path, evidence: TrainEvidence) -> None:
    Board(tmp_path).evidence(evidence)

    assert sorted(scalars(tmp_path / RUN)) == [
        ("auc", 2, 110.0, 0.5),
        ("examples_per_second", 2, 110.0, 10.0),
        ("input_bound", 2, 110.0, 1.0),
        ("input_examples_per_second", 2, 110.0, 16.0),
        ("input_ms", 2, 110.0, 500.0),
        ("rmse", 1, 105.0, 1.25),
        ("rmse", 2, 110.0, 0.75),
        ("step_ms", 2, 110.0, 800.0),
        ("train_loss", 1, 105.0, 1.0),
        ("train_loss", 2, 110.0, 0.5),
    ]


def test_both_arms_have_a_run(tmp_path: Path, evidence: TrainEvidence) -> None:
    Board(tmp_path).evidence(evidence)

    for style in ("class", "functional"):
        assert len(scalars(tmp_path / run_name(evidence.trial, style))) == 10


def test_seeds_of_an_arm_are_one_group(tmp_path: Path, three_seeds: tuple[TrainEvidence, ...]) -> None:
    for item in three_seeds:
        Board(tmp_path).evidence(item)

    groups = [
        session(tmp_path / run_name(item.trial, style), metadata.SESSION_START_INFO_TAG).group_name
        for style in ("class", "functional")
        for item in three_seeds
    ]
    assert len(set(groups[:3])) == len(set(groups[3:])) == 1
    assert groups[0] != groups[3]


def test_session_starts_with_the_hyperparameters_when_the_trial_does(tmp_path: Path, evidence: TrainEvidence) -> None:
    Board(tmp_path).started(evidence.trial, 99.0)

    start = session(tmp_path / RUN, metadata.SESSION_START_INFO_TAG)
    assert start.start_time_secs == 99.0
    assert start.hparams["strategy"].string_value == "mirrored(2)"
    assert start.hparams["learning_rate"].number_value == 0.5
    assert start.hparams["style"].string_value == "class"


def test_session_ends_in_success_with_the_evidence(tmp_path: Path, evidence: TrainEvidence) -> None:
    board = Board(tmp_path)
    board.started(evidence.trial, 99.0)
    board.outcome(evidence)

    end = session(tmp_path / RUN, metadata.SESSION_END_INFO_TAG)
    assert (end.status, end.end_time_secs) == (api_pb2.STATUS_SUCCESS, 110.0)
    assert session(tmp_path / RUN, metadata.SESSION_START_INFO_TAG).start_time_secs == 99.0


def test_session_of_a_failed_trial_ends_in_failure_until_it_succeeds(tmp_path: Path, evidence: TrainEvidence) -> None:
    board = Board(tmp_path)
    board.outcome(Failure(evidence.trial, "numeric", "NaN"))
    assert session(tmp_path / RUN, metadata.SESSION_END_INFO_TAG).status == api_pb2.STATUS_FAILURE

    board.outcome(evidence)
    assert session(tmp_path / RUN, metadata.SESSION_END_INFO_TAG).status == api_pb2.STATUS_SUCCESS


def test_writing_twice_or_anew_gives_the_same_files(
    tmp_path: Path, evidence: TrainEvidence, run_of: Callable[..., Run]
) -> None:
    summaries = [CellSummary(evidence.trial.cell, "identical", "same")]
    for directory in (tmp_path / "once", tmp_path / "twice", tmp_path / "twice"):
        Board(directory).evidence(evidence)
        Board(directory).result(run_of(evidence), summaries)

    assert contents(tmp_path / "once") == contents(tmp_path / "twice")


def test_verdicts_are_a_markdown_table(tmp_path: Path, evidence: TrainEvidence, run_of: Callable[..., Run]) -> None:
    Board(tmp_path).result(run_of(), [CellSummary(evidence.trial.cell, "identical", "same | over\n5 seeds")])

    (value,) = [value for tag, _, _, value in values(tmp_path) if tag == "verdicts"]
    assert value.tensor.string_val[0].decode().splitlines() == [
        "| cell | verdict | why |",
        "| --- | --- | --- |",
        f"| {evidence.trial.cell.label} | **identical** | same &#124; over 5 seeds |",
    ]


@pytest.mark.parametrize("failed", [False, True])
def test_article_example_leaves_no_logs(tmp_path: Path, failed: bool) -> None:
    trial = ExampleTrial("e1", "complex_layer", "keras", Profile(), Resources())
    board = Board(tmp_path)
    board.outcome(Failure(trial, "user_code", "broke")) if failed else board.started(trial)

    assert contents(tmp_path) == {}


def test_logs_are_written_without_tensorflow() -> None:
    code = """
import sys, tempfile
from pathlib import Path
from pipeline.tensorboard.board import Board
with tempfile.TemporaryDirectory() as folder:
    import pipeline.tensorboard.rebuild
    Board(Path(folder)).started(None)
print([name for name in ("tensorflow", "keras", "ray") if name in sys.modules])
"""
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_hyperparameters_tell_loop_and_replicas(tmp_path: Path, evidence: TrainEvidence) -> None:
    Board(tmp_path).started(evidence.trial, 99.0)

    start = session(tmp_path / RUN, metadata.SESSION_START_INFO_TAG)
    assert start.hparams["loop"].string_value == "custom"
    assert start.hparams["replicas"].number_value == 2


def test_certificates_are_texts(
    tmp_path: Path, evidence: TrainEvidence, run_of: Callable[..., Run], certified: CertifyEvidence
) -> None:
    Board(tmp_path).result(run_of(evidence, certified), [])

    (value,) = [value for tag, _, _, value in values(tmp_path) if tag == f"certificates/{certified.trial.label}"]
    assert "It is identical." in value.tensor.string_val[0].decode()


def test_kept_weights_are_histograms_of_each_arm(tmp_path: Path, with_weights: TrainEvidence) -> None:
    Board(tmp_path).evidence(with_weights)

    shown = {tag: step for tag, step, _, value in values(tmp_path / RUN) if _plugin(value) == "histograms"}
    assert shown == {"weights/table": 2, "weights/head/bias": 2}


def test_kept_tables_of_both_arms_go_to_the_projector(tmp_path: Path, with_weights: TrainEvidence) -> None:
    Board(tmp_path).evidence(with_weights)

    folder = tmp_path / run_name(with_weights.trial, "tables")
    assert 'tensor_path: "table.tsv"' in (folder / "projector_config.pbtxt").read_text()
    assert len((folder / "table.tsv").read_text().splitlines()) == 2 * 3
    assert [tag for tag, *_ in scalars(folder)] == ["aligned_distance/table"]


def _plugin(value: Any) -> str:
    return str(value.metadata.plugin_data.plugin_name)


def test_kept_histograms_are_shown_by_epoch(tmp_path: Path, with_kept: TrainEvidence) -> None:
    Board(tmp_path).evidence(with_kept)

    found = [(tag, step, value) for tag, step, _, value in values(tmp_path / RUN) if _plugin(value) == "histograms"]
    assert [(tag, step) for tag, step, _ in found] == [("gradients/table", 1), ("gradients/table", 2)]
    assert make_ndarray(found[1][2].tensor).tolist() == [[0.0, 2.0, 8.0], [2.0, 4.0, 4.0]]


def test_kept_graph_is_the_runs_graph(tmp_path: Path, with_kept: TrainEvidence) -> None:
    Board(tmp_path).evidence(with_kept)

    (graph,) = [event.graph_def for event in all_events(tmp_path / RUN) if event.graph_def]
    assert GraphDef.FromString(graph).node[0].name == "looked_up"


def test_figures_of_the_report_are_pictures(
    tmp_path: Path, three_seeds: tuple[TrainEvidence, ...], run_of: Callable[..., Run]
) -> None:
    run = run_of(*three_seeds)
    Board(tmp_path).result(run, analyse(run))

    found = {tag: value.tensor.string_val for tag, _, _, value in values(tmp_path) if _plugin(value) == "images"}
    assert {tag.rpartition("/")[2] for tag in found} == {"differences", "loss", "metric"}
    for width, height, png in found.values():
        assert png.startswith(b"\x89PNG")
        assert min(int(width), int(height)) > 200
