"""In Keras 3 a Dropout that is made before a table changes what the table starts from, under the same seed.

Every initializer and every Dropout takes its seed from one stream when it is made, so a layer without weights moves the
weights of those after it.  tf_keras draws when weights are built and is not moved.  Way out: a seed for each
initializer.
"""

import keras
import numpy as np
import tf_keras

for frontend in (keras, tf_keras):
    tables = []
    for with_dropout in (False, True):
        frontend.utils.set_random_seed(1)
        if with_dropout:
            frontend.layers.Dropout(0.5)
        table = frontend.layers.Embedding(5, 2)
        table.build((None,))
        tables.append(np.array(table.embeddings))
    print(f"{frontend.__name__}: the same table with a Dropout made before it: {np.array_equal(*tables)}")
