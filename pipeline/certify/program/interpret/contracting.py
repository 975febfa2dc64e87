"""Dot products and convolutions as plain matrix products; how to multiply matrices, the caller says."""

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from pipeline.certify.program.interpret.walk import Array, Step

# (batch, M, K) by (batch, K, N)
Multiply = Callable[[Array, Array], Array]


def dot(step: Step, operands: Sequence[Any], multiply: Multiply) -> Array:
    """An HLO dot: result axes are batch, free left, free right."""
    numbers = step.instruction.dot_dimension_numbers
    left, right = operands
    pairs = list(zip(numbers.lhs_contracting_dimensions, numbers.rhs_contracting_dimensions, strict=True))
    left_matrix = _matrix(left, numbers.lhs_batch_dimensions, [pair[0] for pair in pairs])
    right_matrix = _matrix(right, numbers.rhs_batch_dimensions, [pair[1] for pair in pairs])
    return multiply(left_matrix, right_matrix.transpose(0, 2, 1)).reshape(step.dims)


def _matrix(source: Array, batch: Sequence[int], contracted: Sequence[int]) -> Array:
    free = [axis for axis in range(source.ndim) if axis not in batch and axis not in contracted]
    sizes = [math.prod(source.shape[axis] for axis in axes) for axes in (batch, free, contracted)]
    return source.transpose([*batch, *free, *contracted]).reshape(sizes)


def convolution(step: Step, operands: Sequence[Any], multiply: Multiply, pad: Callable[..., Array]) -> Array:
    """An HLO convolution: patches by kernel, group by group.  `pad(array, axis, low, high, interior)` fills with zero.

    Axes inside: images (batch, features, space…), kernels (out, in, space…).
    """
    numbers = step.instruction.convolution_dimension_numbers
    images = operands[0].transpose(
        [numbers.input_batch_dimension, numbers.input_feature_dimension, *numbers.input_spatial_dimensions]
    )
    kernels = operands[1].transpose(
        [
            numbers.kernel_output_feature_dimension,
            numbers.kernel_input_feature_dimension,
            *numbers.kernel_spatial_dimensions,
        ]
    )
    for axis, window in enumerate(step.instruction.window.dimensions):
        if window.window_reversal:
            kernels = np.flip(kernels, axis + 2)
        images = pad(images, axis + 2, window.padding_low, window.padding_high, max(window.base_dilation, 1) - 1)
    result = _grouped(step, images, kernels, multiply)
    place = [numbers.output_batch_dimension, numbers.output_feature_dimension, *numbers.output_spatial_dimensions]
    return np.asarray(result.transpose(np.argsort(place)))


def _grouped(step: Step, images: Array, kernels: Array, multiply: Multiply) -> Array:
    """Feature groups split features; batch groups split the batch; either also splits the kernels' outputs."""
    features, batches = max(step.instruction.feature_group_count, 1), max(step.instruction.batch_group_count, 1)
    axis, groups = (1, features) if features > 1 else (0, batches)
    parts = zip(np.split(images, groups, axis), np.split(kernels, groups, 0), strict=True)
    return np.concatenate([_convolve(step, part, kernel, multiply) for part, kernel in parts], axis=1)


def _convolve(step: Step, images: Array, kernels: Array, multiply: Multiply) -> Array:
    windows = step.instruction.window.dimensions
    space, places = [], []
    for axis, window in enumerate(windows):
        reach = (window.size - 1) * max(window.window_dilation, 1) + 1
        count = max((images.shape[axis + 2] - reach) // max(window.stride, 1) + 1, 0)
        starts = np.arange(count) * max(window.stride, 1)
        places.append(starts[:, None] + np.arange(window.size) * max(window.window_dilation, 1))
        space.append(count)
    patches = images
    for axis, place in enumerate(places):
        patches = np.take(patches, place, axis=2 + 2 * axis)
    rank = len(windows)
    order = [0, *(2 + 2 * k for k in range(rank)), 1, *(3 + 2 * k for k in range(rank))]
    rows = patches.transpose(order).reshape(1, images.shape[0] * math.prod(space), -1)
    product = multiply(rows, kernels.reshape(1, len(kernels), -1).transpose(0, 2, 1))
    shaped = product.reshape(images.shape[0], *space, len(kernels))
    return np.moveaxis(shaped, -1, 1)
