# mypy: allow-subclassing-any
"""Randomness in training: the draws are compared as they come from one seed.  B batch, N inputs (6), U units (5).

x_BN float32 -> y float32.
"""

from collections.abc import Mapping
from typing import Any, ClassVar

from pipeline.frontend import keras
from pipeline.selftest.arm import Arm, register, wired

N, U = 6, 5
SEED = 7


@register
class Drop(Arm):
    """Dropout from a seed generator of its own.

    `when` is "training" or "always"; `rescaled` divides by the share that is kept; `fixed` draws the same mask at
    each call; `by_row` keeps or drops whole rows.
    """

    SETTINGS: ClassVar[Mapping[str, Any]] = {
        "rate": 0.3,
        "when": "training",
        "rescaled": True,
        "fixed": False,
        "by_row": False,
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.generator = SEED if self.fixed else keras.random.SeedGenerator(SEED)

    def call(self, x: Any, training: bool = False) -> Any:
        if not training and self.when == "training":
            return x
        noise_shape = (keras.ops.shape(x)[0], 1) if self.by_row else None
        kept = keras.random.dropout(x, self.rate, noise_shape=noise_shape, seed=self.generator)
        return kept if self.rescaled else kept * (1 - self.rate)


@register
class Jitter(Arm):
    """x plus normal noise in training, a deviation that may grow with |x|."""

    SETTINGS: ClassVar[Mapping[str, Any]] = {"deviation": 0.2, "relative": False}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.generator = keras.random.SeedGenerator(SEED)

    def call(self, x: Any, training: bool = False) -> Any:
        if not training:
            return x
        noise = keras.random.normal(keras.ops.shape(x), 0.0, self.deviation, dtype=x.dtype, seed=self.generator)
        return x + noise * keras.ops.abs(x) if self.relative else x + noise


@register
class DropBlock(Arm):
    """A projection and a dropout in one layer; `flag` hands the training flag on to the dropout."""

    SETTINGS: ClassVar[Mapping[str, Any]] = {"flag": True, "before": False}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.dense, self.drop = keras.layers.Dense(U, "relu"), keras.layers.Dropout(0.3, seed=SEED)

    def build(self, input_shape: Any) -> None:
        self.dense.build(input_shape)

    def call(self, x: Any, training: bool = False) -> Any:
        flag = training if self.flag else False
        if self.before:
            return self.dense(self.drop(x, training=flag))
        return self.drop(self.dense(x), training=flag)


def wired_drop(rate: float = 0.3) -> Any:
    return wired(keras.Input((N,)), keras.layers.Dropout(rate, seed=SEED))


def wired_jitter() -> Any:
    return wired(keras.Input((N,)), keras.layers.GaussianNoise(0.2, seed=SEED))


def wired_block() -> Any:
    return wired(keras.Input((N,)), keras.layers.Dense(U, "relu"), keras.layers.Dropout(0.3, seed=SEED))


def wired_gaussian_dropout() -> Any:
    return wired(keras.Input((N,)), keras.layers.GaussianDropout(0.3, seed=SEED))
