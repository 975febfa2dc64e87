"""A Ray of a test's own, small and quickly started."""

import gc
import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import ray


@contextmanager
def small_ray(folder: Path, *, cpus: int = 2, variables: tuple[str, ...] = (), **options: Any) -> Iterator[None]:
    """Two CPUs unless told otherwise; workers import modules of `folder` and this one, and have these `NAME=value`."""
    paths = os.pathsep.join([str(folder), str(Path(__file__).parent)])
    environment = {"PYTHONPATH": paths, **dict(variable.split("=", 1) for variable in variables)}
    ray.init(
        address="local",
        num_cpus=cpus,
        include_dashboard=False,
        log_to_driver=False,
        object_store_memory=100 * 2**20,
        runtime_env={"env_vars": environment},
        **options,
    )
    try:
        yield
    finally:
        ray.shutdown()
        with warnings.catch_warnings():  # Ray drops its processes and log files unclosed: here, not in a later test
            warnings.simplefilter("ignore", ResourceWarning)
            gc.collect()
