"""The frontend's stock optimizers, as a user's training would use them, and those that touch only a batch's rows."""

from collections.abc import Callable, Mapping
from typing import Any

from pipeline.errors import ConfigError
from pipeline.frontend import keras
from pipeline.optimizers import LazyAdam, RowwiseAdagrad, SparseAdagrad, SparseSGD

LEARNING_RATE = 0.01
CLIPNORM = 1e-3  # small enough to act at every step
CLIPPED = "sgd, clipped by norm"

OPTIMIZERS: Mapping[str, Callable[[], Any]] = {
    "sgd": lambda: keras.optimizers.SGD(LEARNING_RATE),
    "momentum": lambda: keras.optimizers.SGD(LEARNING_RATE, momentum=0.9),
    "adam": lambda: keras.optimizers.Adam(LEARNING_RATE),
    "adamw": lambda: keras.optimizers.AdamW(LEARNING_RATE),
    "adagrad": lambda: keras.optimizers.Adagrad(LEARNING_RATE),
    "rmsprop": lambda: keras.optimizers.RMSprop(LEARNING_RATE),
    "sparse_sgd": lambda: SparseSGD(LEARNING_RATE),
    "sparse_adagrad": lambda: SparseAdagrad(LEARNING_RATE),
    "rowwise_adagrad": lambda: RowwiseAdagrad(LEARNING_RATE),
    "lazy_adam": lambda: LazyAdam(LEARNING_RATE),
    CLIPPED: lambda: keras.optimizers.SGD(LEARNING_RATE, clipnorm=CLIPNORM),
}

# The stock optimizer that a row-touching one follows, given dense gradients.
COUNTERPARTS: Mapping[str, str] = {"sparse_sgd": "sgd", "sparse_adagrad": "adagrad", "lazy_adam": "adam"}


def make(name: str) -> Any:
    """A new optimizer.  Raises ConfigError for a name that is not in OPTIMIZERS."""
    if name not in OPTIMIZERS:
        raise ConfigError("--optimizers", f"unknown optimizer {name!r}", f"use one of: {', '.join(OPTIMIZERS)}")
    return OPTIMIZERS[name]()
