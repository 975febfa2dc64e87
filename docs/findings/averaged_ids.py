"""Under MirroredStrategy Keras 3's `fit` builds a model on the mean of the replicas' first batches, ids too.

The mean is float32, so a layer that looks up integer ids fails, and so do shares of unequal size.  tf_keras builds on a
batch as it is.  Way out: cast ids within `call`; make the first batch divide by the replicas.
"""

import keras
import numpy as np
import tensorflow as tf
import tf_keras

tf.config.set_logical_device_configuration(
    tf.config.list_physical_devices("CPU")[0], [tf.config.LogicalDeviceConfiguration()] * 2
)


def outcome(frontend, strategy, rows):
    class Table(frontend.Model):
        def build(self, _):
            self.table = self.add_weight(name="table", shape=(5, 1), initializer="zeros")

        def call(self, ids):
            return tf.gather(tf.convert_to_tensor(self.table), ids[:, 0])

    with strategy.scope():
        model = Table()
        model.compile("sgd", "mse", jit_compile=False)
    try:
        model.fit(np.ones((rows, 1), "int32"), np.zeros((rows, 1), "float32"), batch_size=4, verbose=0)
    except Exception as problem:
        return type(problem).__name__
    return "trains"


for frontend in (keras, tf_keras):
    for name, make in {
        "one device": tf.distribute.get_strategy,
        "two replicas": lambda: tf.distribute.MirroredStrategy(
            ["CPU:0", "CPU:1"], cross_device_ops=tf.distribute.ReductionToOneDevice()
        ),
    }.items():
        print(f"{frontend.__name__}, {name}: {', '.join(f'{n} rows {outcome(frontend, make(), n)}' for n in (4, 3))}")
