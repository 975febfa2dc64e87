"""What shows that the arms of a pair differ, one function per kind of difference.

Each gives a number: the largest difference relative to the arms' scale, or how many facts differ.  0 is no
difference; above THRESHOLD is more than float32 rounding explains.
"""

from typing import Any

import tensorflow as tf

from pipeline.frontend import IS_KERAS_3, keras
from pipeline.selftest import experiment
from pipeline.selftest.pair import Pair

THRESHOLD = 1e-4


def values(pair: Pair, *, training: bool = False, calls: int = 1, scale: float = 1.0) -> float:
    """By how much the outputs of the last of some calls differ, from the same weights on the same inputs.

    `scale` multiplies the trainable weights of both arms.
    """
    tensors = experiment.sample(pair.inputs)
    baseline, candidate = experiment.matched(pair, tensors)
    for variable in (*baseline.trainable_variables, *candidate.trainable_variables):
        variable.assign(variable * scale)
    outputs = [[experiment.call(arm, tensors, training) for _ in range(calls)][-1] for arm in (baseline, candidate)]
    return experiment.gap(*outputs)


def gradient(pair: Pair, *, training: bool = False) -> float:
    """By how much the gradients by weights and inputs differ."""
    tensors = experiment.sample(pair.inputs)
    baseline, candidate = experiment.matched(pair, tensors)
    of_candidate = pair.weights.aligned(experiment.gradients(candidate, tensors, training))
    return experiment.gap(_without_none(experiment.gradients(baseline, tensors, training)), _without_none(of_candidate))


def _without_none(gradients: list[Any]) -> list[Any]:
    """An optimizer leaves a weight without gradient alone; for a witness that is a gradient of another shape."""
    return [tf.zeros((0,)) if gradient is None else gradient for gradient in gradients]


def structure(pair: Pair) -> float:
    """How many facts of the interface differ: what goes out, the weights' shapes, losses, the declared output."""
    tensors = experiment.sample(pair.inputs)
    baseline, candidate = (_facts(experiment.built(arm, tensors), tensors) for arm in (pair.baseline, pair.candidate))
    return float(sum(baseline[name] != candidate[name] for name in baseline))


def _facts(model: Any, tensors: list[Any]) -> dict[str, Any]:
    outputs = experiment.call(model, tensors, False)
    inputs = [keras.Input(tensor.shape[1:], dtype=tensor.dtype.name) for tensor in tensors]
    symbols = experiment.arguments(model, inputs)
    declared = model.compute_output_spec(*symbols) if IS_KERAS_3 else model(*symbols)
    return {
        "type": type(outputs).__name__,
        "parts": [(tuple(part.shape), part.dtype.name) for part in tf.nest.flatten(outputs)],
        "declared": [tuple(part.shape)[1:] for part in tf.nest.flatten(declared)],
        "trainable": sorted(tuple(weight.shape) for weight in model.trainable_weights),
        "not trainable": sorted(tuple(weight.shape) for weight in model.non_trainable_weights),
        "losses": len(model.losses),
    }


def losses(pair: Pair) -> float:
    """By how much the sums of the arms' own losses differ, from the same weights."""
    tensors = experiment.sample(pair.inputs)
    sums = []
    for arm in experiment.matched(pair, tensors):
        experiment.call(arm, tensors, True)
        sums.append(tf.add_n([tf.zeros(()), *arm.losses]))
    return experiment.gap(*sums)


def update(pair: Pair, *, optimizer: str = "Adam", **options: float) -> float:
    """By how much the weights differ after three steps, relative to how far the baseline's moved."""
    tensors = experiment.sample(pair.inputs)
    baseline, candidate = experiment.matched(pair, tensors)
    before = experiment.weights(baseline)
    make = getattr(keras.optimizers, optimizer)
    one, two = (experiment.trained(arm, tensors, make(0.1, **options)) for arm in (baseline, candidate))
    moves = [[after - start for after, start in zip(w, before, strict=True)] for w in (one, pair.weights.aligned(two))]
    return experiment.gap(*moves)


def state(pair: Pair, *, training: bool = True, calls: int = 2) -> float:
    """By how much the weights and states differ after some calls."""
    tensors = experiment.sample(pair.inputs)
    baseline, candidate = experiment.matched(pair, tensors)
    for _ in range(calls):
        for arm in (baseline, candidate):
            experiment.call(arm, tensors, training)
    return experiment.gap(experiment.weights(baseline), pair.weights.aligned(experiment.weights(candidate)))


def reload(pair: Pair) -> float:
    """How much more one arm's output changes than the other's by a way through a `.keras` file, without an error."""
    tensors = experiment.sample(pair.inputs)
    changes = []
    for arm in experiment.matched(pair, tensors):
        again = experiment.reloaded(arm, tensors)
        changes.append(experiment.gap(*(experiment.call(model, tensors, False) for model in (arm, again))))
    return abs(changes[0] - changes[1])


def reload_trainable(pair: Pair) -> float:
    """How many trainable weights more one arm has than the other, once both came back from a `.keras` file."""
    tensors = experiment.sample(pair.inputs)
    arms = [experiment.reloaded(arm, tensors) for arm in experiment.matched(pair, tensors)]
    return float(abs(len(arms[0].trainable_weights) - len(arms[1].trainable_weights)))


def mask(pair: Pair) -> float:
    """1 where one arm gives a mask and the other none, on an input that carries none itself."""
    tensors = experiment.sample(pair.inputs)
    outputs = [experiment.call(arm, tensors, False) for arm in experiment.matched(pair, tensors)]
    masks = [getattr(output, "_keras_mask", None) is None for output in outputs]
    return float(masks[0] != masks[1])


def mask_through(pair: Pair) -> float:
    """1 where one arm hands on the mask that its input carries and the other loses it."""
    tensors = experiment.sample(pair.inputs)
    lost = [experiment.out_mask(arm, tensors) is None for arm in experiment.matched(pair, tensors)]
    return float(lost[0] != lost[1])


def policy(pair: Pair, *, name: str = "mixed_bfloat16") -> float:
    """1 where the arms' outputs differ in dtype under a dtype policy."""
    tensors = experiment.sample(pair.inputs)
    dtypes = [experiment.under_policy(name, arm, tensors).dtype for arm in (pair.baseline, pair.candidate)]
    return float(dtypes[0] != dtypes[1])
