"""Masks: one that the arm makes, and one that comes in.  T steps; a mask is (B, T) bool."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import tensorflow as tf

from pipeline.certify.lifecycle.observe import SKIPPED, Life, Observation, arrays_of, compare, observed
from pipeline.certify.subject import call
from pipeline.certify.values.inputs import is_integer
from pipeline.frontend import keras
from pipeline.records import Finding, FindingOutcome

NO_MASK = np.zeros(0, bool)


def compare_made_masks(lives: Sequence[Life]) -> Iterator[Finding]:
    """The masks on the outputs, where no mask comes in."""
    first, second = (observed(_made, life) for life in lives)
    yield _worded(compare("lifecycle", "mask on the output", first, second, 0.0), first, second)


def _made(life: Life) -> Observation:
    tensors = [tf.convert_to_tensor(a, spec.dtype) for a, spec in zip(life.arrays, life.subject.inputs, strict=True)]
    return Observation("works", "", _masks(call(life.subject, tensors, training=False)))


def _masks(outputs: Any) -> tuple[Any, ...]:
    found = [getattr(output, "_keras_mask", None) for output in tf.nest.flatten(outputs)]
    return tuple(NO_MASK if mask is None else np.asarray(mask) for mask in found)


def compare_incoming_mask(lives: Sequence[Life]) -> Iterator[Finding]:
    """A masked float input (B, T, ...): does the mask pass on, and do the unmasked outputs agree?

    An arm that declares no support for masks says so itself (Keras 3 warns, too): that is loud, any other loss silent.
    """
    first, second = (observed(_incoming, life) for life in lives)
    finding = _worded(compare("lifecycle", "mask passes on", first, second, lives[0].limit), first, second)
    if finding.outcome == "different":
        unsupported = [life.subject.name for life in lives if not life.subject.model.supports_masking]
        hint = f"; declared as without support for masks: {', '.join(unsupported)}" if unsupported else ", silently"
        outcome: FindingOutcome = "loud" if unsupported else "different"
        finding = Finding(finding.level, finding.check, outcome, finding.sentence + hint)
    yield finding


def _worded(finding: Finding, first: Observation, second: Observation) -> Finding:
    if finding.outcome != "different":
        return finding
    have = [any(mask.size for mask in each.arrays if mask.dtype == bool) for each in (first, second)]
    if have[0] == have[1]:
        return finding
    arms = ("baseline", "candidate") if have[0] else ("candidate", "baseline")
    sentence = f"{finding.check}: the {arms[0]}'s output carries a mask, the {arms[1]}'s does not"
    return Finding(finding.level, finding.check, "different", sentence)


def _incoming(life: Life) -> Observation:
    specs = life.subject.inputs
    if len(specs) != 1 or is_integer(specs[0]) or len(specs[0].shape) < 2:
        return SKIPPED
    steps = np.array(life.arrays[0])
    steps[:, -1] = 0.0  # the last step of every row is padding
    outputs = call(life.subject, [keras.layers.Masking()(tf.convert_to_tensor(steps, specs[0].dtype))], training=False)
    return Observation("works", "", (*_masks(outputs), *arrays_of(tf.nest.flatten(outputs))))
