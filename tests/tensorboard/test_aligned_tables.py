import numpy as np
import pytest

from pipeline.records import TrainEvidence
from pipeline.tensorboard.projector import projector_files
from pipeline.tensorboard.tables import aligned, tables

BASELINE = np.array([[1.0, 0.0], [0.0, 2.0], [3.0, 1.0]])
QUARTER_TURN = np.array([[0.0, 1.0], [-1.0, 0.0]])


def test_rotated_table_is_turned_back() -> None:
    found = aligned("table", BASELINE, BASELINE @ QUARTER_TURN)

    np.testing.assert_allclose(found.candidate_RD, BASELINE, atol=1e-12)
    assert found.distance == pytest.approx(0.0, abs=1e-12)


def test_table_of_another_shape_keeps_its_distance() -> None:
    assert aligned("table", BASELINE, 2 * BASELINE).distance == pytest.approx(1.0)


def test_outputs_are_a_table_of_classes() -> None:
    (found,) = tables({"head/kernel": BASELINE}, {"head/kernel": BASELINE})
    assert found.rows == 2


@pytest.mark.parametrize("role", ["hidden_0/kernel", "bias", "elsewhere"])
def test_what_is_no_table_of_both_arms_is_left_out(role: str) -> None:
    weights = {"hidden_0/kernel": BASELINE, "bias": BASELINE[0], "elsewhere": BASELINE}
    other = {"hidden_0/kernel": BASELINE, "bias": BASELINE[0]}
    assert role not in {table.role for table in tables(weights, other)}


def test_projector_gets_the_rows_of_both_arms_with_their_names(evidence: TrainEvidence) -> None:
    files = projector_files(evidence.trial, [aligned("pair/table", BASELINE, BASELINE)])

    rows_RD = np.loadtxt(files["pair-table.tsv"].decode().splitlines(), delimiter="\t")
    np.testing.assert_allclose(rows_RD, np.concatenate([BASELINE, BASELINE]), atol=1e-12)
    assert files["pair-table-names.tsv"].decode().splitlines() == [
        "name\tarm",
        *(f"{row}\tclass" for row in range(3)),
        *(f"{row}\tfunctional" for row in range(3)),
    ]
