"""An initializer instance that two layers share draws the same numbers for both.

One without a seed, too: it is given one when it is made.  Two tables that should start apart start equal.  tf_keras
warns of it, Keras 3 does not.
Way out: an instance for each weight, with a seed of its own.
"""

import warnings

import keras
import numpy as np
import tf_keras

for frontend in (keras, tf_keras):
    shared = frontend.initializers.RandomNormal()
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        first, second = (np.array(shared((3, 3))) for _ in range(2))
    equal = np.array_equal(first, second)
    print(f"{frontend.__name__}: two draws of one instance equal: {equal}; warnings: {len(caught)}")
