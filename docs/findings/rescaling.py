"""Keras' Rescaling rounds its factor to float32, under a float64 policy too.

Radians made of turns by `Rescaling(2 * pi)` are off by 3e-8 of their size where every number is float64.  Way out: a
layer of one's own, or a product in `call`.
"""

import math

import keras
import numpy as np
import tf_keras

keras.config.set_dtype_policy("float64")
tf_keras.mixed_precision.set_global_policy("float64")
turns = np.array([[1.0]])
for frontend in (keras, tf_keras):
    radians = np.array(frontend.layers.Rescaling(2 * math.pi)(turns))
    off = abs(radians[0, 0] / (2 * math.pi) - 1)
    print(f"{frontend.__name__}: {radians.dtype}, off by {off:.1e} of its size")
