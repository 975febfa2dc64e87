"""A layer that a Lambda captures is neither tracked, nor trained, nor saved.

Keras 3 does not say so; tf_keras logs a warning.  Way out: write a Layer, or wire the layer itself.
"""

import keras
import numpy as np
import tf_keras

x = np.ones((8, 4), "float32")
for frontend in (keras, tf_keras):
    captured = frontend.layers.Dense(3)
    captured.build((None, 4))
    outer = frontend.layers.Lambda(lambda inputs, captured=captured: captured(inputs))
    model = frontend.Sequential([frontend.Input((4,)), outer, frontend.layers.Dense(1)])
    before = [np.array(captured.kernel), np.array(model.layers[-1].kernel)]
    model.compile("sgd", "mse")
    model.fit(x, np.ones((8, 1)), verbose=0)
    layers = (captured, model.layers[-1])
    moved = [not np.array_equal(old, np.array(layer.kernel)) for old, layer in zip(before, layers, strict=True)]
    print(
        f"{frontend.__name__}: {model.count_params()} parameters counted of {12 + 3 + 3 + 1}; "
        f"fit moved the captured kernel: {moved[0]}, the head's: {moved[1]}"
    )
