"""Reductions over windows: pooling and running sums."""

from typing import Any

import numpy as np

from pipeline.certify.program.interpret.moving import padded
from pipeline.certify.program.interpret.walk import Array, Step


def reduce_window(step: Step, source: Array, initial: Array, operation: Any) -> Array:
    """`operation` over every window and the initial value, with which the edges are filled too."""
    for axis, window in enumerate(step.instruction.window.dimensions):
        interior = max(window.base_dilation, 1) - 1
        source = padded(source, axis, window.padding_low, window.padding_high, interior, initial)
        spread, stride = max(window.window_dilation, 1), max(window.stride, 1)
        count = (source.shape[axis] - (window.size - 1) * spread - 1) // stride + 1
        places = np.arange(count)[:, None] * stride + np.arange(window.size) * spread
        source = operation.reduce(np.take(source, places, axis=axis), axis=axis + 1)
    return np.asarray(operation(source, initial))
