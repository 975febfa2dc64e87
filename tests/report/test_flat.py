import csv
import io

import msgspec
import pytest
from certificates import certificate, finding
from golden_run import BROKEN_SEED, golden_run
from pyarrow import parquet
from time_evidence import evidence

from pipeline.records import CertifyEvidence, CertifyTrial, Profile, Resources, TrainEvidence
from pipeline.report.flat import render_flat


@pytest.fixture(scope="module")
def run():
    """The golden run with a time trial and a certificate."""
    golden = golden_run()
    timed = evidence(0)
    trial = CertifyTrial("c", timed.trial.cell, {}, Profile(), Resources(), 60.0)
    proved = CertifyEvidence(trial, certificate("identical", finding(), finding(check="odd, one")), timed.worker)
    return msgspec.structs.replace(golden, evidence=(*golden.evidence, timed, proved))


@pytest.fixture(scope="module")
def rows(run):
    return list(csv.DictReader(io.StringIO(render_flat(run)["evidence.csv"].decode())))


def test_both_arms_of_a_train_trial_have_a_row(run, rows):
    trained = [item for item in run.evidence if isinstance(item, TrainEvidence)]
    assert sum(row["kind"] == "train" and row["outcome"] == "" for row in rows) == 2 * len(trained)


def test_an_arm_stands_with_its_metrics(run, rows):
    first = run.evidence[0]
    row = next(row for row in rows if row["trial"] == first.trial.id and row["arm"] == "candidate")
    assert float(row["metric_accuracy"]) == first.arms[1].metrics["accuracy"]


def test_a_time_trial_has_a_row_per_arm_and_phase(rows):
    timed = [row for row in rows if row["kind"] == "time"]
    assert [(row["arm"], row["phase"]) for row in timed] == [
        (arm, phase) for arm in ("baseline", "candidate", "control") for phase in ("forward", "step")
    ]
    assert {float(row["step_us"]) for row in timed if row["arm"] == "candidate"} == {110.0}


def test_a_certificate_has_a_row_per_finding(rows):
    assert [row["check"] for row in rows if row["kind"] == "certify"] == ["forward", "odd, one"]


def test_a_failed_trial_has_a_row_with_its_reason(rows):
    failed = [row for row in rows if row["outcome"] == "failed" and row["kind"] == "train"]
    assert [(row["cell"], row["seed"]) for row in failed] == [(BROKEN_SEED[0].label, str(BROKEN_SEED[1]))]


def test_parquet_has_the_same_rows_with_types(run, rows):
    table = parquet.read_table(io.BytesIO(render_flat(run)["evidence.parquet"]))
    assert table.num_rows == len(rows)
    types = {
        name: str(table.schema.field(name).type) for name in ("trial", "seed", "metric_accuracy", "weights_digest")
    }
    assert types == {"trial": "string", "seed": "int64", "metric_accuracy": "double", "weights_digest": "string"}


def test_a_text_of_several_lines_survives(run):
    failure = msgspec.structs.replace(run.failures[0], message='one\ntwo, "three"')
    table = parquet.read_table(
        io.BytesIO(render_flat(msgspec.structs.replace(run, failures=(failure,)))["evidence.parquet"])
    )
    assert table.column("sentence").to_pylist()[-1] == failure.message


def test_a_run_without_evidence_has_a_table_without_rows(run):
    empty = msgspec.structs.replace(run, evidence=(), failures=())
    assert parquet.read_table(io.BytesIO(render_flat(empty)["evidence.parquet"])).num_rows == 0
