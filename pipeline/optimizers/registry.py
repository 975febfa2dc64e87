"""Which optimizer has which name, under either frontend."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from pipeline.errors import TrialError
from pipeline.frontend import keras
from pipeline.optimizers import stock
from pipeline.optimizers.lazy_adam import LazyAdam
from pipeline.optimizers.rowwise_adagrad import RowwiseAdagrad
from pipeline.optimizers.sparse_adagrad import SparseAdagrad
from pipeline.optimizers.sparse_sgd import SparseSGD

# name -> (learning rate, whether it will run inside XLA) -> optimizer
OPTIMIZERS: Mapping[str, Callable[[float, bool], Any]] = MappingProxyType(
    {
        "sgd": lambda rate, jit: stock.summing_repeats(keras.optimizers.SGD, rate, jit=jit),
        "adagrad": lambda rate, jit: stock.summing_repeats(keras.optimizers.Adagrad, rate, jit=jit),
        "adam": lambda rate, jit: stock.summing_repeats(keras.optimizers.Adam, rate, jit=jit),
        "sparse_sgd": lambda rate, _: SparseSGD(rate),
        "sparse_adagrad": lambda rate, _: SparseAdagrad(rate),
        "rowwise_adagrad": lambda rate, _: RowwiseAdagrad(rate),
        "lazy_adam": lambda rate, _: LazyAdam(rate),
    }
)


def build(name: str, learning_rate: float, *, jit: bool) -> Any:
    """The optimizer by name.  `jit`: it will run inside XLA.  Raises TrialError for an unknown name."""
    if name not in OPTIMIZERS:
        raise TrialError("user_code", f"unknown optimizer {name!r}; use one of {', '.join(OPTIMIZERS)}")
    return OPTIMIZERS[name](learning_rate, jit)
