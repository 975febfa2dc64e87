"""The replicas: logical CPU devices, which a process can be given only before TensorFlow's first use."""

import contextlib
from typing import Any

import tensorflow as tf

REPLICAS = 2


def set_up() -> None:
    """Gives this process the devices, unless it has enough of them or TensorFlow is already in use."""
    cpu = tf.config.list_physical_devices("CPU")[0]
    if len(tf.config.get_logical_device_configuration(cpu) or ()) < REPLICAS:
        with contextlib.suppress(RuntimeError):  # in use: `missing` says what is left out for that
            tf.config.set_logical_device_configuration(cpu, [tf.config.LogicalDeviceConfiguration()] * REPLICAS)


def missing() -> str:
    """Why the level can't run in this process, or "" where it can."""
    count = len(tf.config.list_logical_devices("CPU"))
    if count >= REPLICAS:
        return ""
    return f"it needs {REPLICAS} logical CPU devices and TensorFlow was already in use here with {count}"


def replicas() -> Any:
    """A strategy of two replicas that see different rows."""
    devices = [device.name for device in tf.config.list_logical_devices("CPU")[:REPLICAS]]
    # The default on CPUs is a collective that breaks on a second strategy in one process (tensorflow#62790).
    return tf.distribute.MirroredStrategy(devices, cross_device_ops=tf.distribute.ReductionToOneDevice())
