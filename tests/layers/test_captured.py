import pytest

from pipeline.layers import article


@pytest.fixture(scope="module")
def outcome():
    stages, parameters = article.run_example("captured_dense")
    return {stage.name: stage for stage in stages}, parameters


def test_a_model_does_not_count_what_its_lambda_captured(outcome):
    stages, parameters = outcome
    assert parameters == 64 * 10 + 10
    assert stages["track"].detail == "the model uses 2 weights (50,240 numbers) that it does not list"


def test_fit_leaves_a_captured_weight_alone_though_it_has_a_gradient(outcome):
    stages, _ = outcome
    assert (stages["fit"].worked, stages["train"].worked) == (True, False)
    assert stages["train"].detail.startswith("fit moved the captured kernel by 0 and the head's by 0.002")


def test_a_captured_weight_comes_back_from_no_file(outcome):
    stages, _ = outcome
    assert (stages["save"].worked, stages["load"].worked, stages["restore"].worked) == (True, False, False)
    assert stages["restore"].detail.endswith("loaded again they are off by 1")


def test_the_outcome_of_the_captured_weight_is_the_same_again(outcome):
    assert tuple(outcome[0].values()) == article.run_example("captured_dense")[0]
