"""A parameter-server gang's worker or server process: it serves its coordinator until it ends."""

from functools import cache
from typing import Any

import tensorflow as tf


@cache
def serve() -> Any:
    """Starts this process's tf.distribute.Server, once, by TF_CONFIG.  Returns at once; it serves in the background."""
    resolver = tf.distribute.cluster_resolver.TFConfigClusterResolver()
    return tf.distribute.Server(
        resolver.cluster_spec(), job_name=resolver.task_type, task_index=resolver.task_id, protocol="grpc", start=True
    )
