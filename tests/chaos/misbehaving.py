"""A user's family, right in one style and wrong in the others, each in its own way."""

import os
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pipeline.frontend import keras
from pipeline.layers.family import Family, make_spec


@dataclass(frozen=True)
class ScaledSpec:
    """F features, each times a weight."""

    features: int
    seed: int = 0


def build(spec: ScaledSpec) -> Any:
    features_BF = keras.Input((spec.features,))
    scaled = keras.layers.EinsumDense("bf,f->bf", (spec.features,), kernel_initializer="ones", name="scaled")
    return keras.Model(features_BF, scaled(features_BF))


def raises() -> None:
    raise ValueError("a user's own mistake")


def prints() -> None:
    for _ in range(4096):
        print("x" * 1023)


def forks() -> None:
    os.fork()


def exits() -> None:
    sys.exit("a user's own exit")


def vanishes() -> None:
    os._exit(7)


def loops() -> None:
    while True:
        time.sleep(0.01)


def after(fault: Callable[[], None]) -> Callable[[ScaledSpec], Any]:
    def as_style(spec: ScaledSpec) -> Any:
        fault()
        return build(spec)

    return as_style


FAULTS = {"raises": raises, "prints": prints, "forks": forks, "exits": exits, "vanishes": vanishes, "loops": loops}

FAMILY = Family(
    name="misbehaving",
    spec=ScaledSpec,
    arms={"class": build, **{name: after(fault) for name, fault in FAULTS.items()}},
    code={},
    roles={"factors": ("kernel",)},
    spec_for=lambda seen, options, seed: make_spec(ScaledSpec, options, features=seen.shape[0], seed=seed),
)
