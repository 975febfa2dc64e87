import pytest
from made_runs import CELL, made_evidence, made_example, made_run

from pipeline.analysis import analyse, answer_claims
from pipeline.records import Cell, Stage, Strategy

STATEFUL = Cell("stateful", "class", "functional", "ucr", Strategy("one_device"))


def claims(evidence):
    run = made_run(evidence)
    return {claim.id: claim for claim in answer_claims(run, analyse(run))}


def test_every_claim_has_a_row_in_order():
    assert list(claims([])) == [f"C{number}" for number in range(1, 11)]


def test_a_run_without_evidence_answers_nothing():
    assert {claim.status for claim in claims([]).values()} == {"not measured"}


@pytest.mark.parametrize("name", ["C6", "C8", "C10"])
def test_what_can_not_be_measured_yet_says_what_would_measure_it(name):
    claim = claims([made_evidence(0, 0.0)])[name]
    assert claim.status == "not measured"
    assert claim.missing


def test_an_example_and_its_corrected_family_make_a_claim_measured():
    example = made_example("functional_lambda", [Stage("build", False, "ValueError: only layers.")])
    claim = claims([example, made_evidence(0, 0.0, same_bits=True)])["C2"]
    assert claim.status == "measured"
    assert claim.answer == (
        "As it stands: keras: build failed (ValueError: only layers). "
        "Done right (projection): identical. functional trained to the same bits as class in the one cell."
    )


def test_the_answer_follows_the_evidence():
    example = made_example("functional_lambda", [Stage("build", True, ""), Stage("fit", True, "")])
    claim = claims([example, made_evidence(0, 0.25), made_evidence(1, 0.25)])["C2"]
    assert "build and fit worked. Done right (projection): different." in claim.answer


def test_a_claim_without_its_example_is_only_partly_answered():
    claim = claims([made_evidence(0, 0.0)])["C3"]
    assert (claim.status, claim.missing) == ("partly", "running the example as it stands")


def test_a_claim_links_to_its_cells_and_trials():
    claim = claims([made_example("stateful_layer", []), made_evidence(0, 0.0, cell=STATEFUL)])["C4"]
    assert (claim.cells, claim.trials) == ((STATEFUL.label,), ("stateful_layer",))


def test_the_stateful_claim_shows_source_lines_of_both_arms():
    assert "Source lines: class 9 and functional 7." in claims([made_evidence(0, 0.0, cell=STATEFUL)])["C5"].answer


def test_source_lines_are_listed_per_family():
    answer = claims([made_evidence(0, 0.0), made_evidence(0, 0.0, cell=STATEFUL)])["C7"].answer
    assert "projection: class 9 and functional 7; stateful: class 9 and functional 7" in answer


def test_the_training_claim_names_styles_and_strategies():
    answer = claims([made_evidence(0, 0.0)])["C9"].answer
    assert answer == "In a custom loop, 1 trial trained class and functional arms under one_device; none failed."


def test_the_first_claim_counts_verdicts():
    claim = claims([made_evidence(0, 0.0, same_bits=True)])["C1"]
    assert (claim.answer, claim.cells) == ("1 family, 1 cell: 1 identical.", (CELL.label,))
