import pytest

from pipeline.errors import ConfigError
from pipeline.frontend import IS_KERAS_3, keras
from pipeline.layers import article


def outcome(name):
    """(stages that worked, the failed stage, its detail), and the parameters."""
    stages, parameters = article.run_example(name)
    assert [stage.worked for stage in stages] == [True] * (len(stages) - 1) + [False]
    return [stage.name for stage in stages[:-1]], stages[-1].name, stages[-1].detail, parameters


def test_lambda_in_a_sequential_can_not_be_built():
    worked, failed, detail, parameters = outcome("functional_lambda")
    expected = "ValueError: Only instances of" if IS_KERAS_3 else "TypeError: The added layer must be an instance of"
    assert (worked, failed, parameters) == ([], "build", 0)
    assert detail.startswith(expected)


def test_class_without_a_config_trains_and_saves_but_does_not_load():
    worked, failed, detail, parameters = outcome("complex_layer")
    assert (worked, failed) == (["build", "fit", "predict", "save"], "load")
    assert parameters == 784 * 64 + 64 + 64 * 10 + 10
    assert detail.startswith("TypeError: ")


def test_state_in_an_attribute_fails_at_shape_inference():
    worked, failed, detail, parameters = outcome("stateful_layer")
    assert (worked, failed, parameters) == ([], "build", 0)
    assert detail == "TypeError: Expected int32, but got None of type 'NoneType'."


@pytest.mark.parametrize("name", article.EXAMPLES)
def test_outcome_is_the_same_again(name):
    assert article.run_example(name) == article.run_example(name)


def test_example_that_works_to_the_end_has_every_stage(monkeypatch):
    def plain():
        return keras.Sequential([keras.Input((3,)), keras.layers.Dense(2, activation="softmax")])

    monkeypatch.setattr(article, "EXAMPLES", {"plain": (plain, "sparse_categorical_crossentropy")})
    stages, parameters = article.run_example("plain")
    assert [(stage.name, stage.worked) for stage in stages] == [
        (name, True) for name in ("build", "fit", "predict", "save", "load")
    ]
    assert parameters == 3 * 2 + 2


def test_unknown_example_is_refused_with_the_choices():
    with pytest.raises(ConfigError, match="unknown example 'fourth'; use one of functional_lambda"):
        article.run_example("fourth")


def test_detail_has_no_memory_address_and_no_colour():
    problem = ValueError("Exception encountered when calling X.\n\n\x1b[1mbad <f at 0x7f01>\x1b[0m\n\nArguments")
    assert article._first_line(problem) == "ValueError: bad <f>"


def test_detail_is_the_cause_and_not_the_source_line():
    framed = 'in user code:\n\n    File "a.py", line 1, in call  *\n        f(None)\n\n    TypeError: no None.\n'
    assert article._first_line(TypeError(framed)) == "TypeError: no None."


def test_exception_without_a_message_is_told_by_its_type():
    assert article._first_line(KeyError()) == "KeyError: "
