"""The loss per example, by task.  B batch, O outputs."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

import tensorflow as tf


def cross_entropy_B(targets_B: Any, logits_BO: Any) -> Any:
    """Of class numbers against logits."""
    return tf.nn.sparse_softmax_cross_entropy_with_logits(targets_B, logits_BO)


def squared_error_B(targets: Any, outputs_BO: Any) -> Any:
    """Mean over the outputs.  Targets (B,) or (B, O)."""
    targets_BO = tf.cast(tf.reshape(targets, tf.shape(outputs_BO)), outputs_BO.dtype)
    return tf.reduce_mean(tf.math.squared_difference(outputs_BO, targets_BO), axis=-1)


def binary_cross_entropy_B(targets_B: Any, logits_B1: Any) -> Any:
    """Of yes (1) or no (0) against the logit of yes."""
    targets_B1 = tf.cast(tf.reshape(targets_B, tf.shape(logits_B1)), logits_B1.dtype)
    return tf.squeeze(tf.nn.sigmoid_cross_entropy_with_logits(targets_B1, logits_B1), axis=-1)


LOSSES: Mapping[str, Callable[[Any, Any], Any]] = MappingProxyType(
    {
        "classification": cross_entropy_B,
        "binary": binary_cross_entropy_B,
        "rating": squared_error_B,
        "forecast": squared_error_B,
    }
)


def at_least_float32(outputs_BO: Any) -> Any:
    """Half-precision outputs as float32; others as they are.  Losses and sums are not made in half precision."""
    return outputs_BO if outputs_BO.dtype == tf.float64 else tf.cast(outputs_BO, tf.float32)
