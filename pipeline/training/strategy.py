"""From a strategy's record to the tf.distribute strategy."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

import tensorflow as tf

from pipeline.errors import TrialError
from pipeline.records import Profile, Strategy


def build(strategy: Strategy, profile: Profile) -> Any:
    """The tf.distribute strategy over the process's first devices.

    Raises TrialError for a strategy that this version can't run, or too few devices in this process.
    """
    if strategy.name not in _BUILDERS:
        raise TrialError("user_code", f"strategy {strategy.name!r} can't run here; these can: {', '.join(_BUILDERS)}")
    devices = [device.name for device in tf.config.list_logical_devices(profile.device.upper())]
    if len(devices) < strategy.devices:
        message = f"{strategy.label} needs {strategy.devices} {profile.device} devices; this process has {len(devices)}"
        raise TrialError("infrastructure", message)
    return _BUILDERS[strategy.name](devices[: strategy.devices], profile)


def _default(_devices: list[str], _profile: Profile) -> Any:
    return tf.distribute.get_strategy()


def _one_device(devices: list[str], _profile: Profile) -> Any:
    return tf.distribute.OneDeviceStrategy(devices[0])


def _mirrored(devices: list[str], profile: Profile) -> Any:
    if profile.device == "gpu":
        return tf.distribute.MirroredStrategy(devices)
    # The default on CPUs is a collective that breaks on a second strategy in one process (tensorflow#62790).
    return tf.distribute.MirroredStrategy(devices, cross_device_ops=tf.distribute.ReductionToOneDevice())


_BUILDERS: Mapping[str, Callable[[list[str], Profile], Any]] = MappingProxyType(
    {"default": _default, "one_device": _one_device, "mirrored": _mirrored}
)
