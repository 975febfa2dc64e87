"""From a strategy's record to the tf.distribute strategy.

A gang's members learn of each other from TF_CONFIG, tf.distribute's own environment variable.
"""

from collections.abc import Callable, Mapping
from functools import cache
from types import MappingProxyType
from typing import Any

import tensorflow as tf

from pipeline.errors import TrialError
from pipeline.records import Profile, Strategy

ONE_DEVICE = Strategy("one_device")


def build(strategy: Strategy, profile: Profile) -> Any:
    """The tf.distribute strategy over this process's first devices, or over its gang.

    A gang's process builds its strategy once: the cluster behind it is set up once per process.
    Raises TrialError for an unknown strategy, too few devices, a TPU that is not there.
    """
    if strategy.name not in _BUILDERS:
        raise TrialError("user_code", f"strategy {strategy.name!r} can't run here; these can: {', '.join(_BUILDERS)}")
    over = (_built_once if strategy.is_gang else _built)(strategy, profile)
    if over.num_replicas_in_sync != strategy.replicas:
        message = f"{strategy.label} has {over.num_replicas_in_sync} replicas here, not {strategy.replicas}"
        raise TrialError("infrastructure", message)
    return over


def is_chief(strategy: Any) -> bool:
    """Whether this process speaks for the trial: rank 0 of a gang, or the only process."""
    resolver = strategy.cluster_resolver
    if not isinstance(strategy, tf.distribute.MultiWorkerMirroredStrategy) or resolver is None:
        return True
    return bool(resolver.task_id == 0)


def _built(strategy: Strategy, profile: Profile) -> Any:
    return _BUILDERS[strategy.name](strategy, profile)


_built_once = cache(_built)


def _devices(strategy: Strategy, profile: Profile) -> list[str]:
    """Names without a job: in a gang those of other processes are listed too."""
    kind = profile.device.upper()
    there = len(tf.config.list_logical_devices(kind))
    if there < strategy.devices:
        message = f"{strategy.label} needs {strategy.devices} {profile.device} devices; this process has {there}"
        raise TrialError("infrastructure", message)
    return [f"/device:{kind}:{index}" for index in range(strategy.devices)]


def _default(_strategy: Strategy, _profile: Profile) -> Any:
    return tf.distribute.get_strategy()


def _one_device(strategy: Strategy, profile: Profile) -> Any:
    return tf.distribute.OneDeviceStrategy(_devices(strategy, profile)[0])


def _mirrored(strategy: Strategy, profile: Profile) -> Any:
    return tf.distribute.MirroredStrategy(
        _devices(strategy, profile), cross_device_ops=_cross_device_ops(strategy, profile)
    )


def _cross_device_ops(strategy: Strategy, profile: Profile) -> Any:
    """ "auto": TensorFlow's own choice on GPUs.  On CPUs that is a collective, which breaks on a second strategy in one
    process (tensorflow#62790), so one device sums there.
    """
    auto = "reduction_to_one_device" if profile.device == "cpu" else "nccl"
    chosen = auto if strategy.cross_device_ops == "auto" else strategy.cross_device_ops
    return _CROSS_DEVICE_OPS[chosen]()


def _central_storage(strategy: Strategy, profile: Profile) -> Any:
    return tf.distribute.experimental.CentralStorageStrategy(
        compute_devices=_devices(strategy, profile), parameter_device="/device:CPU:0"
    )


def _multi_worker_mirrored(strategy: Strategy, profile: Profile) -> Any:
    auto = "ring" if profile.device == "cpu" else "nccl"
    chosen = auto if strategy.cross_device_ops == "auto" else strategy.cross_device_ops
    implementation = tf.distribute.experimental.CommunicationImplementation[chosen.upper()]
    options = tf.distribute.experimental.CommunicationOptions(implementation=implementation)
    return tf.distribute.MultiWorkerMirroredStrategy(communication_options=options)


def _parameter_server(_strategy: Strategy, _profile: Profile) -> Any:
    return tf.distribute.ParameterServerStrategy(tf.distribute.cluster_resolver.TFConfigClusterResolver())


def _tpu(strategy: Strategy, _profile: Profile) -> Any:
    try:
        resolver = tf.distribute.cluster_resolver.TPUClusterResolver(tpu="local")
        tf.tpu.experimental.initialize_tpu_system(resolver)
        return tf.distribute.TPUStrategy(resolver)
    except (tf.errors.NotFoundError, ValueError, IndexError) as error:
        first_line = str(error).partition("\n")[0]
        raise TrialError("infrastructure", f"{strategy.label}: no TPU answers here ({first_line})") from error


_CROSS_DEVICE_OPS: Mapping[str, Callable[[], Any]] = MappingProxyType(
    {
        "nccl": tf.distribute.NcclAllReduce,
        "hierarchical_copy": tf.distribute.HierarchicalCopyAllReduce,
        "reduction_to_one_device": tf.distribute.ReductionToOneDevice,
    }
)

_BUILDERS: Mapping[str, Callable[[Strategy, Profile], Any]] = MappingProxyType(
    {
        "default": _default,
        "one_device": _one_device,
        "mirrored": _mirrored,
        "multi_worker_mirrored": _multi_worker_mirrored,
        "parameter_server": _parameter_server,
        "central_storage": _central_storage,
        "tpu": _tpu,
    }
)
