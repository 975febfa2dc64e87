"""`keras`: Keras 3 or tf_keras, chosen once per process by PARITY_FRONTEND ("keras", the default, or "tf_keras").

Families and training import `keras` from here, so the same source runs under both.  TF_USE_LEGACY_KERAS is never
used: it redirects `tf.keras` only and leaves `import keras` as it is.
"""

import importlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

FRONTENDS = ("keras", "tf_keras")
ENVIRONMENT_VARIABLE = "PARITY_FRONTEND"

NAME: str = os.environ.get(ENVIRONMENT_VARIABLE, "keras")
if NAME not in FRONTENDS:
    raise ImportError(f"{ENVIRONMENT_VARIABLE}={NAME!r}: unknown frontend; use one of {', '.join(FRONTENDS)}")

os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

keras: Any = importlib.import_module(NAME)
IS_KERAS_3: bool = NAME == "keras"


def variable_path(variable: Any) -> str:
    """The variable's path without TensorFlow's ":0", e.g. "projection/kernel", under either frontend."""
    return str(getattr(variable, "path", variable.name)).split(":")[0]


def tensor_variable(variable: Any) -> Any:
    """The tf.Variable behind a Keras 3 variable; a tf.Variable as it is."""
    return getattr(variable, "_value", variable)


def mean_aggregation() -> Any:
    """What `add_weight(aggregation=...)` takes for "the mean over replicas"."""
    if IS_KERAS_3:
        return "mean"
    import tensorflow as tf

    return tf.VariableAggregation.MEAN


@contextmanager
def dtype_policy(name: str) -> Iterator[None]:
    """Layers built inside have this policy: float32, float64, mixed_bfloat16, mixed_float16."""
    before = keras.config.dtype_policy() if IS_KERAS_3 else keras.mixed_precision.global_policy()
    set_dtype_policy(name)
    try:
        yield
    finally:
        set_dtype_policy(before.name)


def set_dtype_policy(name: str) -> None:
    """Sets the policy that layers built from now on have."""
    if IS_KERAS_3:
        keras.config.set_dtype_policy(name)
    else:
        keras.mixed_precision.set_global_policy(name)
