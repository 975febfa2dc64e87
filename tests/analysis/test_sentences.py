import pytest
from made_runs import made_evidence, made_failure, made_run

from pipeline.analysis import analyse


def sentence(differences, *, planned=0, failed=(), same_bits=False):
    evidence = [made_evidence(seed, value, same_bits=same_bits) for seed, value in enumerate(differences)]
    seeds = range(max(planned, len(evidence)))
    return analyse(made_run(evidence, seeds=seeds, failures=[made_failure(seed) for seed in failed]))[0].sentence


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (
            {"differences": [0.0, 0.0], "same_bits": True},
            "Bitwise identical over 2 seeds: weights, losses and metrics of the trained arms.",
        ),
        (
            {"differences": [0.0, 0.0], "same_bits": True, "planned": 3, "failed": (2,)},
            "Bitwise identical over 2 of 3 seeds, but seed 2 failed (numeric).",
        ),
        (
            {"differences": [0.0, 0.0]},
            "Trained equivalently over 2 seeds: "
            "the metrics are equal for every seed, the weights or losses are not bitwise.",
        ),
        (
            {"differences": [0.25, 0.25]},
            "Differs in accuracy by +0.25 (95 % interval +0.25 to +0.25, margin ±0.01), over 2 seeds.",
        ),
        (
            {"differences": [0.0, 0.0], "planned": 4, "failed": (2, 3)},
            "Equivalent over 2 of 4 seeds, but seeds 2 and 3 failed (numeric).",
        ),
        ({"differences": [0.5]}, "Undecided over 1 seed: a difference needs at least 2 seeds."),
        ({"differences": [], "planned": 2, "failed": (0, 1)}, "Nothing was measured: every seed failed (numeric)."),
        (
            {"differences": [], "planned": 2, "failed": (0,)},
            "Nothing was measured: seed 0 failed (numeric) and seed 1 did not run.",
        ),
    ],
)
def test_the_sentence_says_what_was_measured_and_what_is_missing(given, said):
    assert sentence(**given) == said


def test_an_undecided_cell_says_how_many_more_seeds_would_decide():
    assert "more seeds would decide" in sentence([0.004, -0.009, 0.013, 0.002, 0.006])


def test_a_metric_that_is_not_finite_is_named():
    assert sentence([float("nan"), 0.0]) == "Undecided over 2 seeds: accuracy is not a finite number."
