# mypy: allow-subclassing-any
"""What the row-touching optimizers share.  V vocabulary, D width, U distinct ids of a batch.

Keras' optimizers read and write whole tables: a step costs O(V).  These gather the U rows of a batch from table and
slots, move them, and scatter them back: a step costs O(batch), in time and in memory.  A dense gradient goes through
the same formula with all rows.

The step finds the gradient already summed over replicas (a strategy concatenates sparse gradients) and does, in order:
1. sum the rows of repeated ids;
2. clip that sum: `clipnorm` by the norm over all its rows, else `clipvalue` element by element.  Keras 3 clips before
   replicas and repeats are summed, so there a gather and the equal dense layer are clipped differently;
3. decay the weights as AdamW does, `weight * learning_rate * weight_decay` off each weight, but only of the batch's
   rows: a row decays at the steps in which it occurs, so rare rows decay less than under Keras, where all always do;
4. the optimizer's own formula.

Not offered, because each reads the whole table at every step: moving averages of weights, gradient accumulation,
momentum.  `global_clipnorm` isn't either: it needs all variables' gradients at once.

What costs O(V) outside an optimizer's reach: a variable's `constraint`, a dense regularizer, and a layer that reads its
table whole.  TensorFlow copies a table that has been scattered to at each whole read, and Keras 3's own Embedding reads
so: gather from the tf.Variable (`tf.gather(tensor_variable(table), ids)`) instead.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import tensorflow as tf

from pipeline.frontend import IS_KERAS_3, keras, tensor_variable, variable_path
from pipeline.optimizers.repeats import sum_repeats

Slots = Mapping[str, tuple[Sequence[int], float]]  # name -> (shape, initial value)


class RowOptimizer(keras.optimizers.Optimizer):
    """An ordinary optimizer of the frontend.  A subclass gives `slots_of` and `moved`, and names its own settings in
    `SETTINGS`, keyword arguments of its constructor that are attributes of the same name.
    """

    SETTINGS: tuple[str, ...] = ()

    def __init__(
        self,
        learning_rate: Any = 0.001,
        *,
        weight_decay: float | None = None,
        clipnorm: float | None = None,
        clipvalue: float | None = None,
        name: str | None = None,
    ) -> None:
        """`learning_rate`: a number, a schedule, or what else the frontend takes.  Raises ValueError as Keras does."""
        common = {"weight_decay": weight_decay, "clipnorm": clipnorm, "clipvalue": clipvalue}
        if IS_KERAS_3:
            super().__init__(learning_rate, name=name, **common)
        else:
            super().__init__(name or type(self).__name__, jit_compile=False, **common)
            self._learning_rate = self._build_learning_rate(learning_rate)

    def slots_of(self, shape: Sequence[int]) -> Slots:
        """The slots of a variable of this shape; the first axis of a slot is the variable's."""
        raise NotImplementedError

    def moved(self, gradient: Any, rows: Any, slots: Sequence[Any], learning_rate: Any) -> tuple[Any, ...]:
        """(rows, *slots) after a step: [U, …] each, in the order of `slots_of`.  Pure."""
        raise NotImplementedError

    def build(self, variables: Sequence[Any]) -> None:
        """Makes the slots, once."""
        if getattr(self, "built" if IS_KERAS_3 else "_built", False):
            return
        super().build(variables)
        self._slots = [
            [self._slot(variable, name, *slot) for name, slot in self.slots_of(variable.shape).items()]
            for variable in variables
        ]
        self._built = True

    def update_step(self, gradient: Any, variable: Any, learning_rate: Any = None) -> None:
        """Moves the gradient's rows of the variable and of its slots.  tf_keras gives no learning rate."""
        rate = tf.cast(self.learning_rate if learning_rate is None else learning_rate, variable.dtype)
        index = self._get_variable_index(variable) if IS_KERAS_3 else self._index_dict[self._var_key(variable)]
        variables = [tensor_variable(each) for each in (variable, *self._slots[index])]
        ids_U = None
        if isinstance(gradient, tf.IndexedSlices):
            gradient = sum_repeats(gradient)
            gradient, ids_U = gradient.values, gradient.indices
        gradient = self._clipped(tf.cast(gradient, variable.dtype))
        rows, *slots = [_read(each, ids_U) for each in variables]
        if self.weight_decay is not None and self._use_weight_decay(variable):
            rows -= rows * tf.cast(self.weight_decay, rows.dtype) * rate
        for each, value in zip(variables, self.moved(gradient, rows, slots, rate), strict=True):
            _write(each, ids_U, value)

    def get_config(self) -> dict[str, Any]:
        """All that the constructor takes."""
        config = super().get_config()
        if not IS_KERAS_3:
            config["learning_rate"] = self._serialize_hyperparameter(self._learning_rate)
        common = ("name", "learning_rate", "weight_decay", "clipnorm", "clipvalue")
        return {**{key: config[key] for key in common}, **{key: getattr(self, key) for key in self.SETTINGS}}

    def _clipped(self, gradient: Any) -> Any:
        if self.clipnorm:
            return tf.clip_by_norm(gradient, self.clipnorm)
        if self.clipvalue:
            return tf.clip_by_value(gradient, -self.clipvalue, self.clipvalue)
        return gradient

    def _slot(self, variable: Any, name: str, shape: Sequence[int], initial: float) -> Any:
        if not IS_KERAS_3:
            value = tf.fill(shape, tf.cast(initial, variable.dtype))
            return self.add_variable_from_reference(variable, name, initial_value=value)
        path = variable_path(variable).replace("/", "_")
        with self._distribution_strategy.extended.colocate_vars_with(tensor_variable(variable)):
            return self.add_variable(shape, keras.initializers.Constant(initial), variable.dtype, name=f"{path}_{name}")

    # What Keras does on the way to update_step, with whole tables or before replicas are summed: update_step does it.

    def _clip_gradients(self, grads: Any) -> Any:
        return grads

    def _apply_weight_decay(self, variables: Any) -> None:
        del variables

    def _deduplicate_sparse_grad(self, grads: Any) -> Any:
        return grads


def _read(variable: Any, ids_U: Any) -> Any:
    return tf.convert_to_tensor(variable) if ids_U is None else tf.gather(variable, ids_U)


def _write(variable: Any, ids_U: Any, value: Any) -> None:
    if ids_U is None:
        variable.assign(value)
    else:
        variable.scatter_update(tf.IndexedSlices(value, ids_U))
