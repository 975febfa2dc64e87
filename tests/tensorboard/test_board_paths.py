"""Whatever a run directory's records say, its logs stay where they belong."""

from pathlib import Path

import pytest
from msgspec import structs

from pipeline.records import TrainEvidence
from pipeline.tensorboard.board import Board


@pytest.mark.parametrize("name", ["../../../elsewhere", "/elsewhere", "..", "", "a/b", "x" * 300])
def test_no_name_leads_out_of_the_logs(tmp_path: Path, evidence: TrainEvidence, run_of, name: str) -> None:
    cell = structs.replace(evidence.trial.cell, family=name, data=name, baseline=name, frontend=name, dtype_policy=name)
    arms = tuple(
        structs.replace(arm, style=name if place == 0 else arm.style) for place, arm in enumerate(evidence.arms)
    )
    hostile = structs.replace(evidence, trial=structs.replace(evidence.trial, cell=cell), arms=arms)
    logs = tmp_path / "run" / "logs"
    Board(logs).outcome(hostile)
    run = run_of(hostile)
    Board(logs).result(structs.replace(run, plan=structs.replace(run.plan, cells=(cell,))), ())
    written = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert written
    assert all(logs in path.parents for path in written)


def test_a_tables_role_names_a_file_beside_the_others(tmp_path: Path, with_weights: TrainEvidence) -> None:
    Board(tmp_path).evidence(with_weights)
    assert sorted(path.name for path in tmp_path.rglob("*.tsv")) == ["table-names.tsv", "table.tsv"]
