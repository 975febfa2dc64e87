"""Under MirroredStrategy `fit` weighs the examples of a smaller last batch otherwise than one device does.

Three examples on two replicas are two and one: each replica takes the mean of its own, and the means are averaged.  Way
out: drop the remainder, or divide by the global batch in a loop of one's own.
"""

import keras
import numpy as np
import tensorflow as tf
import tf_keras

tf.config.set_logical_device_configuration(
    tf.config.list_physical_devices("CPU")[0], [tf.config.LogicalDeviceConfiguration()] * 2
)
x, y = np.ones((7, 1), "float32"), np.array([[0.0]] * 6 + [[6.0]], "float32")  # a batch of four, which pulls nowhere

for frontend in (keras, tf_keras):
    ends = []
    for strategy in (
        tf.distribute.get_strategy(),
        tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"], cross_device_ops=tf.distribute.ReductionToOneDevice()),
    ):
        with strategy.scope():
            dense = frontend.layers.Dense(1, use_bias=False, kernel_initializer="zeros")
            model = frontend.Sequential([frontend.Input((1,)), dense])
            model.compile(frontend.optimizers.SGD(0.1), "mse", jit_compile=False)
        model.fit(x, y, batch_size=4, shuffle=False, verbose=0)
        ends.append(float(np.array(dense.kernel)[0, 0]))
    print(f"{frontend.__name__}: weight after 4 examples and 3: one device {ends[0]:.3f}, two replicas {ends[1]:.3f}")
