"""Classes that the lifecycle tests save and load: they need a module that a fresh process can import."""

import tensorflow as tf

from pipeline.frontend import keras


class Scale(keras.layers.Layer):
    """`x * factor * w`: registered nowhere, otherwise well made."""

    def __init__(self, factor=1.0, **kwargs):
        super().__init__(**kwargs)
        self.factor = factor

    def build(self, input_shape):
        self.w = self.add_weight(name="w", shape=(input_shape[-1],), initializer="ones")
        self.built = True

    def call(self, x):
        return x * self.w * self.factor

    def get_config(self):
        return {**super().get_config(), "factor": self.factor}


@keras.saving.register_keras_serializable("lifecycle_tests")
class RegisteredScale(Scale):
    """The same, registered."""


@keras.saving.register_keras_serializable("lifecycle_tests")
class ForgetfulScale(Scale):
    """The same, whose config drops the factor."""

    def get_config(self):
        config = super().get_config()
        del config["factor"]
        return config


@keras.saving.register_keras_serializable("lifecycle_tests")
class ForgetfulDropout(keras.layers.Layer):
    """Dropout whose config drops the rate: shows in train mode only."""

    def __init__(self, rate=0.0, **kwargs):
        super().__init__(**kwargs)
        self.rate = rate
        self.seed_generator = keras.random.SeedGenerator(3)

    def call(self, x, training=None):
        return keras.random.dropout(x, self.rate, seed=self.seed_generator) if training else x

    def get_config(self):
        return {"name": self.name}


@keras.saving.register_keras_serializable("lifecycle_tests")
class SilentlyUnmasked(keras.layers.Layer):
    """Claims to support masks and loses them."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.supports_masking = True

    def compute_mask(self, inputs, mask=None):  # noqa: ARG002 - Keras passes it by name
        return None

    def call(self, x):
        return tf.identity(x)


@keras.saving.register_keras_serializable("lifecycle_tests")
class Masked(SilentlyUnmasked):
    """Passes masks on."""

    def compute_mask(self, inputs, mask=None):  # noqa: ARG002 - Keras passes it by name
        return mask


class Unmasked(keras.layers.Layer):
    """Supports no mask, of which Keras warns."""

    def call(self, x):
        return tf.identity(x)


@keras.saving.register_keras_serializable("lifecycle_tests")
class Counting(keras.layers.Layer):
    """Doubles its output from the seventh call on."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.calls = 0

    def call(self, x):
        self.calls += 1
        return x * (2.0 if self.calls > 6 else 1.0)


@keras.saving.register_keras_serializable("lifecycle_tests")
class Carrying(keras.layers.Layer):
    """Adds the mean of the last batch to the next, in either mode."""

    def build(self, input_shape):
        self.last = self.add_weight(name="last", shape=(input_shape[-1],), initializer="zeros", trainable=False)
        self.built = True

    def call(self, x):
        summed = x + self.last
        self.last.assign(tf.reduce_mean(x, 0))
        return summed


@keras.saving.register_keras_serializable("lifecycle_tests")
class Float32Only(keras.layers.Layer):
    """Computes in float32 whatever the policy says."""

    def __init__(self, **kwargs):
        super().__init__(**{**kwargs, "dtype": "float32"})

    def call(self, x):
        return x * 1.5


@keras.saving.register_keras_serializable("lifecycle_tests")
class ByPolicy(keras.layers.Layer):
    """Computes in what the policy says."""

    def call(self, x):
        return x * 1.5


@keras.saving.register_keras_serializable("lifecycle_tests")
class Overflowing(keras.layers.Layer):
    """Squares on the way, which overflows in half precision."""

    def call(self, x):
        return tf.sqrt(tf.square(x * 1000.0)) * tf.sign(x) * 0.0015


@keras.saving.register_keras_serializable("lifecycle_tests")
class TrainingByDefault(keras.layers.Layer):
    """A call that does not say `training` trains."""

    def call(self, x, training=True):
        return x * 2.0 if training else x


@keras.saving.register_keras_serializable("lifecycle_tests")
class InferenceByDefault(keras.layers.Layer):
    """A call that does not say `training` does not train."""

    def call(self, x, training=False):
        return x * 2.0 if training else x
