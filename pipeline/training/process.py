"""Sets a process up for its profile, once, before TensorFlow's first use."""

from typing import Any

from pipeline import frontend
from pipeline.errors import TrialError
from pipeline.records import Profile
from pipeline.training import gpu_memory

_configured: list[Profile] = []


def configure(profile: Profile) -> None:
    """Makes this process the profile's: frontend, devices, threads, determinism.  The same profile again is fine.

    Raises TrialError for a second, different profile (TensorFlow can't be set up twice), and for another frontend than
    the process was started with.
    """
    if _configured:
        if _configured[0] != profile:
            raise TrialError("infrastructure", f"this process is set up for {_configured[0]}, not for {profile}")
        return
    if profile.frontend != frontend.NAME:
        message = f"this process runs {frontend.NAME}; start it with {frontend.ENVIRONMENT_VARIABLE}={profile.frontend}"
        raise TrialError("infrastructure", message)
    _set_up_devices(profile)
    _set_up_execution(profile)
    _configured.append(profile)


def _set_up_devices(profile: Profile) -> None:
    import tensorflow as tf

    if profile.device == "gpu":
        for gpu in tf.config.list_physical_devices("GPU"):
            _set_up_gpu(gpu, profile.gpu_share)
        return
    tf.config.set_visible_devices([], "GPU")
    cpu = tf.config.list_physical_devices("CPU")[0]
    tf.config.set_logical_device_configuration(cpu, [tf.config.LogicalDeviceConfiguration()] * profile.logical_devices)


def _set_up_gpu(gpu: Any, share: float) -> None:
    """A whole GPU's memory is taken as it is needed; of a shared one no more than this process's share."""
    import tensorflow as tf

    if share >= 1:
        tf.config.experimental.set_memory_growth(gpu, True)
        return
    limit = gpu_memory.share_mib(int(gpu.name.rpartition(":")[2]), share)
    tf.config.set_logical_device_configuration(gpu, [tf.config.LogicalDeviceConfiguration(memory_limit=limit)])


def _set_up_execution(profile: Profile) -> None:
    import tensorflow as tf

    tf.config.threading.set_intra_op_parallelism_threads(profile.threads)
    tf.config.threading.set_inter_op_parallelism_threads(profile.threads)
    if profile.deterministic:
        tf.config.experimental.enable_op_determinism()
