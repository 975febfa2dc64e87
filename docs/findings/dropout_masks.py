"""Under MirroredStrategy Keras 3's Dropout drops the same places on every replica.

Its seed state is mirrored, so the replicas draw one mask between them: half the randomness of one device on the same
global batch.  tf_keras draws a mask on each replica.  Way out: fold the replica's number into a stateless seed.
"""

import keras
import tensorflow as tf
import tf_keras

tf.config.set_logical_device_configuration(
    tf.config.list_physical_devices("CPU")[0], [tf.config.LogicalDeviceConfiguration()] * 2
)
for frontend in (keras, tf_keras):
    frontend.utils.set_random_seed(0)
    strategy = tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"], cross_device_ops=tf.distribute.ReductionToOneDevice())
    with strategy.scope():
        layer = frontend.layers.Dropout(0.5)

    @tf.function
    def step(layer=layer):
        return layer(tf.ones((1000,)), training=True) > 0

    masks = strategy.experimental_local_results(strategy.run(step))
    same = float(tf.reduce_mean(tf.cast(masks[0] == masks[1], tf.float32)))
    print(f"{frontend.__name__}: the masks of the two replicas agree in a share of {same:.1f} of 1000 places")
