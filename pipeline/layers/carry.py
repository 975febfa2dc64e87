# mypy: allow-subclassing-any
"""Gives a pure core with explicit state the interface of a stateful layer.  B batch, U units of state."""

from collections.abc import Mapping
from typing import Any, ClassVar

import tensorflow as tf

from pipeline.frontend import keras, mean_aggregation

# What `add_weight` is given for the state: replicas agree on the mean of what each of them assigns.
STATE_OPTIONS: Mapping[str, Any] = {"aggregation": mean_aggregation()}


@keras.saving.register_keras_serializable("layerparity")
class Carry(keras.layers.Layer):
    """Owns the state that a pure core reads and writes.

    `core` is a Functional model (inputs, state_BU) -> (outputs, state_BU).  The carried state_U is fed to every row.
    When training it becomes the mean over the batch, and over the replicas, of what comes out; otherwise it stays.
    No gradient flows from one call to the next.
    """

    state_options: ClassVar[Mapping[str, Any]] = STATE_OPTIONS

    def __init__(self, *, core: Any, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.core = core

    def build(self, input_shape: Any) -> None:
        units = self.core.inputs[1].shape[-1]
        options = {"initializer": "zeros", "trainable": False, **self.state_options}
        self.state_U = self.add_weight(name="state", shape=(units,), **options)
        super().build(input_shape)

    def call(self, inputs: Any, training: bool = False) -> Any:
        state_BU = tf.tile(self.state_U[tf.newaxis], [tf.shape(inputs)[0], 1])
        outputs, next_BU = self.core([inputs, state_BU])
        if training:
            mean_U = tf.reduce_mean(tf.cast(next_BU, self.variable_dtype), axis=0)
            self.state_U.assign(tf.stop_gradient(mean_U))
        return outputs

    def compute_output_shape(self, input_shape: Any) -> Any:
        return (input_shape[0], *self.core.outputs[0].shape[1:])

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "core": keras.saving.serialize_keras_object(self.core)}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Any:
        return cls(**{**config, "core": keras.saving.deserialize_keras_object(config["core"])})
