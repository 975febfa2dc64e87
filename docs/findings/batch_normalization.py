"""Under MirroredStrategy the replicas of BatchNormalization part, and Keras 3 reads the first of them.

Each keeps moving statistics of its own.  What Keras 3 evaluates with and saves is replica 0's, which saw half of the
data; tf_keras averages over the replicas when it reads.
Way out: `BatchNormalization(synchronized=True)`.
"""

import keras
import numpy as np
import tensorflow as tf
import tf_keras

tf.config.set_logical_device_configuration(
    tf.config.list_physical_devices("CPU")[0], [tf.config.LogicalDeviceConfiguration()] * 2
)
SHARES = tf.constant([[[0.0], [0.0]], [[10.0], [10.0]]])  # replica 0 sees zeros, replica 1 tens: the mean is 5

for frontend, options in ((keras, {}), (keras, {"synchronized": True}), (tf_keras, {})):
    strategy = tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"], cross_device_ops=tf.distribute.ReductionToOneDevice())
    with strategy.scope():
        layer = frontend.layers.BatchNormalization(momentum=0.0, **options)
        layer.build((None, 1))

    @tf.function
    def step(share, layer=layer):
        layer(share, training=True)

    strategy.run(
        step, (strategy.experimental_distribute_values_from_function(lambda at: SHARES[at.replica_id_in_sync_group]),)
    )
    moving = getattr(layer.moving_mean, "_value", layer.moving_mean)
    values = [float(each[0]) for each in strategy.experimental_local_results(moving)]
    read = float(np.array(layer.moving_mean)[0])
    shown = f"moving mean {values[0]:.1f} and {values[1]:.1f} on the replicas, read as {read:.1f}"
    print(f"{frontend.__name__} {options}: {shown}")
