import msgspec
from made_runs import CELL, made_evidence, made_example, made_run

from pipeline.analysis import analyse, answer_claims
from pipeline.records import Agreement, Cell, DataInfo, Stage, Strategy

STATEFUL = Cell("stateful", "class", "functional", "ucr", Strategy("one_device"))
TWO = msgspec.structs.replace(STATEFUL, strategy=Strategy("mirrored", 2))
UCR = DataInfo("ucr", ("windows",), "forecast", "", "", "", 1280)


def claims(evidence):
    run = made_run(evidence)
    return {claim.id: claim for claim in answer_claims(run, analyse(run))}


def test_every_claim_has_a_row_in_order():
    assert list(claims([])) == [f"C{number}" for number in range(1, 11)]


def test_a_run_without_evidence_answers_nothing():
    assert {claim.status for claim in claims([]).values()} == {"not measured"}


def test_what_was_not_measured_says_which_key_of_the_config_adds_it():
    keys = ("families", "certify: true", "article_examples: true", "timing.processes")
    missing = {claim.id: claim.missing for claim in claims([]).values()}
    assert [name for name, told in missing.items() if not any(key in told for key in keys)] == []


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
    assert (claim.status, claim.missing) == ("partly", "running the example as it stands (article_examples: true)")


def test_a_claim_links_to_its_cells_and_trials():
    claim = claims([made_example("stateful_layer", []), made_evidence(0, 0.0, cell=STATEFUL)])["C4"]
    assert (claim.cells, claim.trials) == ((STATEFUL.label,), ("stateful_layer",))


def test_the_training_claim_names_styles_and_strategies():
    claim = claims([made_evidence(0, 0.0)])["C9"]
    assert (
        claim.answer == "In a custom loop, 1 trial trained class and functional arms under one_device. No trial failed."
    )
    assert (claim.status, claim.missing) == ("partly", "training by fit (loop: [custom, fit])")


def test_the_training_claim_is_measured_with_both_loops():
    fit = made_evidence(0, 0.0, cell=msgspec.structs.replace(CELL, loop="fit"))
    claim = claims([made_evidence(0, 0.0), fit])["C9"]
    assert claim.status == "measured"
    assert "By fit, 1 trial trained class and functional arms under one_device." in claim.answer


def test_the_training_claim_says_which_cells_do_not_train_as_on_one_device():
    agreements = [Agreement(style, {"state": off}, {}, 0.0, {}) for style, off in (("class", 0.5), ("functional", 0.0))]
    found = msgspec.structs.replace(made_evidence(0, 0.0, cell=TWO), agreement=tuple(agreements))
    run = msgspec.structs.replace(made_run([found], cell=TWO), data=(UCR,))
    claim = next(claim for claim in answer_claims(run, analyse(run)) if claim.id == "C9")
    assert "0 of 1 cell trained as on one device; not so stateful under mirrored(2)." in claim.answer


def test_the_first_claim_counts_verdicts():
    claim = claims([made_evidence(0, 0.0, same_bits=True)])["C1"]
    assert (claim.answer, claim.cells) == ("1 family, 1 cell: 1 identical.", (CELL.label,))


def test_the_training_claim_tells_which_example_fit_trains_and_which_it_does_not():
    fine, broken = Stage("fit", True, ""), Stage("train", False, "moved by 0")
    examples = [
        made_example("complex_layer", [fine]),
        made_example("stateful_layer", [Stage("build", False, "no")]),
        made_example("captured_dense", [fine, broken]),
    ]
    claim = claims([made_evidence(0, 0.0), *examples])["C9"]
    assert claim.status == "measured"
    assert claim.answer.endswith(
        "The examples by fit: complex_layer trains (keras); stateful_layer fails at build (keras); "
        "captured_dense runs and leaves the captured weights untrained (keras)."
    )
