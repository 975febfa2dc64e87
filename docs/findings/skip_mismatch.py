"""`load_weights(..., skip_mismatch=True)` puts a head's kernel into a block of another style.

A weights file of Keras 3 names layers by class and order, not by their names.  Weights of a class arm do not load into
the functional arm that equals it; with `skip_mismatch` what fits a wrong place by shape goes there.  The warning names
the layer that got nothing, not the one that got another's weights.
Way out: `set_weights(get_weights())` in the order of roles.
"""

import tempfile
import warnings

import keras
import numpy as np


class Block(keras.layers.Layer):
    def build(self, input_shape):
        self.kernel = self.add_weight(name="kernel", shape=(input_shape[-1], 3), initializer="ones")
        self.bias = self.add_weight(name="bias", shape=(3,), initializer="ones")

    def call(self, inputs):
        return keras.ops.matmul(inputs, self.kernel) + self.bias


def model(block):
    head = keras.layers.Dense(3, kernel_initializer=keras.initializers.Constant(7.0), name="head")
    return keras.Sequential([keras.Input((3,)), block, head])


by_class = model(Block(name="block"))
functional = model(keras.layers.Dense(3, kernel_initializer="zeros", name="block"))
with tempfile.NamedTemporaryFile(suffix=".weights.h5") as file, warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    by_class.save_weights(file.name)
    try:
        functional.load_weights(file.name)
    except ValueError:
        print("load_weights(file): ValueError")
    functional.load_weights(file.name, skip_mismatch=True)
told = [str(each.message).splitlines()[0] for each in caught if "could not be loaded" in str(each.message)]
print("load_weights(file, skip_mismatch=True):", *told)
for name in ("block", "head"):
    saved, loaded = (np.unique(each.get_layer(name).get_weights()[0]).tolist() for each in (by_class, functional))
    print(f"{name}: kernel saved {saved}, loaded {loaded}")
