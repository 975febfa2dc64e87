"""Ways to call an arm: again and again, in other orders, by default, on no row, on ids that do not exist."""

from collections.abc import Iterator, Sequence
from functools import partial

import numpy as np
import tensorflow as tf

from pipeline.certify.fresh import fresh
from pipeline.certify.lifecycle.observe import Array, Life, Observation, arrays_of, observed
from pipeline.certify.subject import Subject, call, tensor_specs
from pipeline.certify.values.errors import gap
from pipeline.certify.values.inputs import is_integer
from pipeline.certify.weights import preserved, read, write
from pipeline.records import Finding

# Inference and train calls in turns, then the same call often enough for a counter to show.
ORDER = (False, True, False, True, True, False, *[False] * 6)


def tensors_of(subject: Subject, arrays: Sequence[Array]) -> list[tf.Tensor]:
    """The arrays in the dtypes that the arm's inputs declare."""
    return [tf.convert_to_tensor(array, spec.dtype) for array, spec in zip(arrays, subject.inputs, strict=True)]


def run(subject: Subject, arrays: Sequence[Array], training: bool) -> list[Array]:
    """The outputs of one eager call, flattened.  The arm's state is as before."""
    with preserved(subject.model):
        return _advance(subject, arrays, training)


def _advance(subject: Subject, arrays: Sequence[Array], training: bool) -> list[Array]:
    """The same, and the state moves on."""
    tensors = tensors_of(subject, arrays)
    return [output.numpy() for output in tf.nest.flatten(call(subject, tensors, training))]


def repeated_calls(life: Life) -> Observation:
    """Outputs of a sequence of calls in both modes, and the state at its end."""
    modes = [mode and life.repeats for mode in ORDER]
    with preserved(life.subject.model):
        outputs = [_advance(life.subject, life.arrays, mode) for mode in modes]
        state = [value for _, value in sorted(read(life.subject).items())]
    return Observation("works", "", (*[each for call_outputs in outputs for each in call_outputs], *state))


def default_mode(life: Life) -> Observation:
    """A call that does not mention `training` must be an inference call."""
    tensors = tensors_of(life.subject, life.arrays)
    with preserved(life.subject.model):
        given = life.subject.model(*tensors) if life.subject.positional_inputs else _call_single(life.subject, tensors)
    expected = run(life.subject, life.arrays, False)
    outputs = arrays_of(tf.nest.flatten(given))
    if life.repeats and gap(outputs, expected).relative > life.limit:
        return Observation("wrong", "a call that does not say `training` is not an inference call")
    return Observation("works")


def _call_single(subject: Subject, tensors: list[tf.Tensor]) -> object:
    return subject.model(tensors[0] if len(tensors) == 1 else tensors)


def unknown_batch(life: Life) -> Observation:
    """Traced with the batch size left open."""
    return Observation("works", "", _traced(life, batch=None, jit=False))


def compiled(life: Life) -> Observation:
    """Traced and compiled by XLA, for one batch size."""
    return Observation("works", "", _traced(life, batch=len(life.arrays[0]), jit=True))


def _traced(life: Life, *, batch: int | None, jit: bool) -> tuple[Array, ...]:
    function = tf.function(lambda *tensors: call(life.subject, tensors, False), autograph=False, jit_compile=jit)
    traced = function.get_concrete_function(*tensor_specs(life.subject, batch))
    with preserved(life.subject.model):
        return arrays_of(tf.nest.flatten(traced(*tensors_of(life.subject, life.arrays))))


def empty_batch(life: Life) -> Observation:
    """A batch without a row."""
    return Observation("works", "", tuple(run(life.subject, [array[:0] for array in life.arrays], False)))


def reuse(life: Life) -> Observation:
    """Called a second time, an arm uses the weights that it has."""
    before = len(life.subject.model.variables)
    run(life.subject, life.arrays, False)
    run(life.subject, [array[:1] for array in life.arrays], False)
    now = len(life.subject.model.variables)
    if now != before:
        return Observation("wrong", f"{now - before} new weights at a second call")
    return Observation("works")


def independent(life: Life) -> Observation:
    """Two arms of one builder have weights of their own."""
    with preserved(life.subject.model):
        other = fresh(life.subject, life.builder)
        before = run(life.subject, life.arrays, False)
        write(other, {role: value + 1 for role, value in read(other).items() if value.dtype.kind == "f"})
        after = run(life.subject, life.arrays, False)
    if gap(before, after).relative > 0:
        return Observation("wrong", "two arms of one builder share weights")
    return Observation("works")


def compare_bad_ids(lives: Sequence[Life]) -> Iterator[Finding]:
    """Ids just below and just above the declared ones, eagerly.  Outside the declared inputs, so never a difference."""
    specs = lives[0].subject.inputs
    ids = [spec for spec in specs if is_integer(spec) and spec.dtype != "bool"]
    tries = {"an id below": -1, "an id above": 1} if ids else {}
    for name, side in tries.items():
        first, second = (observed(partial(_with_ids, side), life) for life in lives)
        alike = first.status == second.status and (
            first.status != "works" or gap(first.arrays, second.arrays).relative <= lives[0].limit
        )
        told = [f"the {arm} {_does(each)}" for arm, each in (("baseline", first), ("candidate", second))]
        sentence = f"{name} the declared ones: {'alike in both' if alike else '; '.join(told)}"
        yield Finding("lifecycle", "bad ids", "same" if alike else "note", sentence)


def _with_ids(side: int, life: Life) -> Observation:
    arrays = [
        np.full_like(array, spec.low - 1 if side < 0 else spec.high + 1) if is_integer(spec) else array
        for array, spec in zip(life.arrays, life.subject.inputs, strict=True)
    ]
    return Observation("works", "", tuple(run(life.subject, arrays, False)))


def _does(each: Observation) -> str:
    if each.status == "raises":
        return f"raises {each.text}"
    zeros = all(not np.any(array) for array in each.arrays)
    return "gives zeros" if zeros else "gives values without an error"
