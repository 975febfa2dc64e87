"""The optimizers that a trial trains with: Keras' own with repeats summed, and those that touch only a batch's rows."""

from pipeline.optimizers.lazy_adam import LazyAdam
from pipeline.optimizers.registry import OPTIMIZERS, build
from pipeline.optimizers.rowwise_adagrad import RowwiseAdagrad
from pipeline.optimizers.sparse_adagrad import SparseAdagrad
from pipeline.optimizers.sparse_sgd import SparseSGD

__all__ = ["OPTIMIZERS", "LazyAdam", "RowwiseAdagrad", "SparseAdagrad", "SparseSGD", "build"]
