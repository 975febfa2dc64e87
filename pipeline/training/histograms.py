"""How an arm's weights and gradients are distributed, as K buckets each.  E epochs, G examples of a global batch."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import tensorflow as tf

from pipeline.frontend import tensor_variable
from pipeline.layers import registry
from pipeline.records import Dataset, TrainTrial
from pipeline.training import arms
from pipeline.training.arms import LOSS_SCALES, Arm
from pipeline.training.losses import LOSSES, at_least_float32
from pipeline.training.monitor import Array
from pipeline.training.steps import unscaled

K = 30  # as TensorBoard draws them

Histograms = Mapping[str, Array]  # `weights/<role>`, `gradients/<role>` -> (K, 3): left end, right end, count


def recorder(arm: Arm, trial: TrainTrial, dataset: Dataset, strategy: Any) -> Callable[[], Histograms]:
    """Gives the histograms of the moment.

    The gradients are those of the mean loss of the first G training examples at inference: the same batch every time,
    and nothing of the arm changes.  Elements that it leaves alone are left out: a gradient of 0.  Under a parameter
    server, whose variables no process has, there are none.
    """
    roles = arms.roles(arm, registry.load(trial.reference or trial.cell.family))
    trained = {id(variable) for variable in arm.trainable}
    learning = {role: variable for role, variable in roles.items() if id(variable) in trained}
    coordinated = isinstance(strategy, tf.distribute.ParameterServerStrategy)
    gradients = None if coordinated else _gradients(arm, trial, dataset, strategy, [*learning.values()])

    def record() -> Histograms:
        found = {f"weights/{role}": buckets(np.array(variable)) for role, variable in roles.items()}
        if gradients:
            for role, gradient in zip(learning, gradients(), strict=True):
                found[f"gradients/{role}"] = buckets(gradient[gradient != 0])
        return found

    return record


def over_epochs(found: Sequence[Histograms]) -> Histograms:
    """(E, K, 3) by name."""
    return {name: np.stack([epoch[name] for epoch in found]) for name in (found[0] if found else ())}


def buckets(values: Array) -> Array:
    """(K, 3) of the finite values."""
    finite = values[np.isfinite(values)].astype(np.float64)
    counts_K, ends = np.histogram(finite, bins=K)
    return np.stack([ends[:-1], ends[1:], counts_K], axis=1)


def _gradients(
    arm: Arm, trial: TrainTrial, dataset: Dataset, strategy: Any, variables: Sequence[Any]
) -> Callable[[], list[Array]]:
    """Every replica takes the whole batch: no replica need meet another, and one's result is taken."""
    batch = dataset.train.first(trial.training.global_batch)
    parts = {name: tf.constant(values) for name, values in batch.parts.items()}
    targets = tf.constant(batch.targets)
    scale = LOSS_SCALES.get(trial.cell.dtype_policy, 1.0)

    def gradients(parts: Any, targets: Any) -> list[Any]:
        with tf.GradientTape() as tape:
            losses_G = LOSSES[dataset.task](targets, at_least_float32(arm.predict(parts)))
            scaled = (tf.reduce_mean(losses_G) + sum(arm.losses)) * scale
        sources = [tensor_variable(variable) for variable in variables]
        found = tape.gradient(scaled, sources, unconnected_gradients=tf.UnconnectedGradients.ZERO)
        return [tf.convert_to_tensor(unscaled(gradient, scale)) for gradient in found]

    @tf.function  # type: ignore[untyped-decorator]
    def everywhere(parts: Any, targets: Any) -> Any:
        return strategy.run(gradients, args=(parts, targets))

    def take() -> list[Array]:
        return [strategy.experimental_local_results(gradient)[0].numpy() for gradient in everywhere(parts, targets)]

    return take
