"""A run exported to MLflow: into a real store of files, read back by MLflow's own client."""

import sys

import pytest
from kept_run import keep
from mlflow import MlflowClient
from whole_run import whole_run

from pipeline import cli, export
from pipeline.analysis import analyse
from pipeline.errors import ConfigError
from pipeline.records import TrainEvidence


@pytest.fixture(scope="module")
def record():
    return whole_run()


@pytest.fixture(scope="module")
def exported(record, tmp_path_factory):
    """(run directory, tracking URI, what the export says, MLflow's runs by name)."""
    folder = tmp_path_factory.mktemp("mlflow")
    keep(record, folder / "run")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MLFLOW_ALLOW_FILE_STORE", "true")  # MLflow keeps files only for who asks
        uri = (folder / "store").as_uri()
        said = export.to_mlflow(folder / "run", uri)
        client = MlflowClient(tracking_uri=uri)
        experiment = client.get_experiment_by_name(record.name)
        yield folder / "run", uri, said, client.search_runs([experiment.experiment_id], max_results=1000), client


def whole(exported):
    return next(run for run in exported[3] if run.info.run_id == exported[2].run_id)


def test_there_is_a_run_for_the_whole_for_each_cell_and_for_each_trained_arm(record, exported):
    trained = [item for item in record.evidence if isinstance(item, TrainEvidence)]
    expected = 1 + len(analyse(record)) + 2 * len(trained)
    assert (len(exported[3]), exported[2].made, exported[2].there) == (expected, expected, 0)


def test_the_whole_has_the_config_as_parameters_and_the_count_of_each_verdict(record, exported):
    data = whole(exported).data
    verdicts = [item.verdict for item in analyse(record)]
    assert data.params["name"] == record.name
    for verdict in set(verdicts):
        assert data.metrics[f"cells_{verdict}"] == verdicts.count(verdict)


def test_the_report_is_among_the_artifacts_of_the_whole(exported):
    names = {item.path for item in exported[4].list_artifacts(exported[2].run_id, "report")}
    assert {"report/index.html", "report/report.md", "report/report.json", "report/evidence.csv"} <= names


def test_a_cell_has_its_verdict_and_its_differences(record, exported):
    item = next(item for item in analyse(record) if item.differences)
    run = next(run for run in exported[3] if run.info.run_name == item.cell.label)
    found = item.differences[0]
    assert run.data.tags["verdict"] == item.verdict
    assert run.data.metrics[f"{found.metric}_difference"] == found.mean
    assert run.data.tags["mlflow.parentRunId"] == exported[2].run_id


def test_an_arm_has_its_metrics_and_its_curve(record, exported):
    item = next(item for item in record.evidence if isinstance(item, TrainEvidence))
    arm = item.arms[0]
    key = f"arm {item.trial.id} {arm.style}"
    run = next(run for run in exported[3] if run.data.tags["layerparity.key"].endswith(key))
    assert run.data.params["arm"] == arm.style
    assert {name: run.data.metrics[name] for name in arm.metrics} == dict(arm.metrics)
    curve = exported[4].get_metric_history(run.info.run_id, "train_loss")
    assert [point.value for point in sorted(curve, key=lambda point: point.step)] == [*arm.train_loss]


def test_a_second_export_makes_nothing_new(exported):
    folder, uri, said, *_ = exported
    again = export.to_mlflow(folder, uri)
    assert (again.run_id, again.made, again.there) == (said.run_id, 0, said.made)


def test_a_server_that_can_not_be_used_is_told_in_one_line(exported, capsys):
    assert cli.main(["export", "mlflow", str(exported[0]), "--tracking-uri", "nowhere://x"]) == cli.USAGE_ERROR
    assert "parity: export mlflow --tracking-uri nowhere://x: " in capsys.readouterr().err


def test_without_mlflow_the_remedy_is_the_extra(exported, monkeypatch):
    monkeypatch.setitem(sys.modules, "mlflow", None)
    with pytest.raises(ConfigError, match=r"pip install 'layerparity\[mlflow\]'"):
        export.to_mlflow(exported[0])
