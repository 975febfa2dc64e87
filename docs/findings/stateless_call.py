"""`Layer.stateless_call` runs `call`, not `__call__`: dtype policy and input casts are left out.

Under mixed_float16 a layer gives float16 when it is called and float32 by `stateless_call`, which custom loops of other
backends use.
"""

import keras
import numpy as np


class Doubled(keras.layers.Layer):
    def call(self, inputs):
        return inputs + inputs


keras.config.set_dtype_policy("mixed_float16")
layer, x = Doubled(), np.ones((1, 2), "float32")
layer.build((None, 2))
print("layer(x):", keras.ops.dtype(layer(x)))
print("layer.stateless_call(…, x):", keras.ops.dtype(layer.stateless_call([], [], x)[0]))
