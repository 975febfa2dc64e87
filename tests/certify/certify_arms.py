"""Small arms that the tests of the certificate put together, and the way to a pair."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import tensorflow as tf

from pipeline.certify.builders import build, passes_positionally, takes_training
from pipeline.certify.interface import WeightMatch, match_weights, transplant
from pipeline.certify.pair import Pair
from pipeline.certify.subject import Subject
from pipeline.frontend import keras
from pipeline.records import Finding, InputSpec

KL = keras.layers
FLOATS = (InputSpec((6,)),)
ROWS = (InputSpec((5, 6)),)
IDS = (InputSpec((4,), "int32", 0, 19),)

Builder = Callable[[], Any]


def matched(
    baseline: Builder, candidate: Builder, inputs: tuple[InputSpec, ...], mapping: Mapping[str, str] | None = None
) -> tuple[list[Any], WeightMatch]:
    """Both arms, built, and their weight map."""
    models = [build("baseline", baseline, inputs), build("candidate", candidate, inputs)]
    return models, match_weights(*models, inputs, mapping)


def make_pair(baseline: Builder, candidate: Builder, inputs: tuple[InputSpec, ...]) -> Pair:
    """The pair with equal weights, whatever the match found."""
    models, match = matched(baseline, candidate, inputs)
    transplant(match)
    first, second = (
        Subject(name, model, inputs, match.roles, own, takes_training(model), passes_positionally(model, len(inputs)))
        for name, model, own in zip(
            ("baseline", "candidate"), models, (match.baseline_variables, match.candidate_variables), strict=True
        )
    )
    return Pair(first, second, (baseline, candidate), inputs)


class Arm(keras.layers.Layer):
    """A layer from two functions: `make(layer, shape)` adds weights, `run(layer, x, training)` calls."""

    def __init__(self, make, run, **kwargs):
        super().__init__(**kwargs)
        self.make, self.run = make, run

    def build(self, input_shape):
        self.make(self, input_shape)
        self.built = True

    def call(self, x, training=None):
        return self.run(self, x, training)


def nothing(layer, shape):
    """Adds no weight."""


def dense_weights(layer, shape, units=4, regularizer=None):
    """A kernel and a bias."""
    layer.w = layer.add_weight(
        name="kernel", shape=(shape[-1], units), initializer="glorot_uniform", regularizer=regularizer
    )
    layer.b = layer.add_weight(name="bias", shape=(units,), initializer="zeros")


def table_weights(layer, _shape, rows=20):
    """One row per id."""
    layer.table = layer.add_weight(name="embeddings", shape=(rows, 3), initializer="uniform")


def as_layer(make, run, **kwargs) -> Builder:
    """A builder of an Arm."""
    return lambda: Arm(make, run, **kwargs)


def plain(run) -> Builder:
    """A builder of an Arm without weights that applies `run(x)`."""
    return as_layer(nothing, lambda _, x, __: run(x))


def dense_class(run=None, make=dense_weights) -> Builder:
    """Dense with relu, written by hand."""
    return as_layer(make, run or (lambda s, x, _t: tf.nn.relu(tf.matmul(x, s.w) + s.b)))


def functional(shape, wire, dtype="float32") -> Builder:
    """A builder of a Model wired by `wire(input)`."""

    def builder():
        inputs = keras.Input(shape, dtype=dtype)
        return keras.Model(inputs, wire(inputs))

    return builder


def dense_functional(**kwargs) -> Builder:
    """Dense with relu, stock."""
    return functional((6,), lambda x: KL.Dense(4, activation="relu", **kwargs)(x))


def outcomes(findings: Iterable[Finding]) -> dict[str, str]:
    """The outcome of each check, by name; a level with several findings of one check keeps the worst."""
    order = ("note", "same", "inconclusive", "loud", "different", "error")
    seen: dict[str, str] = {}
    for finding in findings:
        before = seen.get(finding.check, "note")
        seen[finding.check] = max(before, finding.outcome, key=order.index)
    return seen


def first_different(findings: Iterable[Finding]) -> Finding:
    """The first difference, which a test expects to be there."""
    return next(finding for finding in findings if finding.outcome == "different")


def sound(findings: Iterable[Finding]) -> bool:
    """Whether nothing was found that speaks against sameness, and something was checked."""
    shown = [finding.outcome for finding in findings]
    return "same" in shown and not {"different", "error", "inconclusive", "loud"} & set(shown)
