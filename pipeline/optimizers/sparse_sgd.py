"""SGD on a batch's rows: the same numbers as the dense SGD, for a row without gradient doesn't move there either."""

from collections.abc import Sequence
from typing import Any

from pipeline.frontend import keras
from pipeline.optimizers.rows import RowOptimizer, Slots


@keras.saving.register_keras_serializable("layerparity")
class SparseSGD(RowOptimizer):
    """Exactly the frontend's SGD without momentum, but for weight decay, which only the batch's rows have."""

    def slots_of(self, shape: Sequence[int]) -> Slots:
        del shape
        return {}

    def moved(self, gradient: Any, rows: Any, slots: Sequence[Any], learning_rate: Any) -> tuple[Any, ...]:
        del slots
        return (rows - gradient * learning_rate,)
