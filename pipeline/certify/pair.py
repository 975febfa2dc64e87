"""Two arms under comparison, and what the levels may spend on them."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from pipeline.certify.stacks import flat
from pipeline.certify.subject import Subject
from pipeline.records import InputSpec

# Scale-relative, for a reduction over 16 terms; see values.errors for how it grows with the work.
TOLERANCES: Mapping[str, float] = {"float16": 8e-3, "bfloat16": 6e-2, "float32": 8e-6, "float64": 1e-12}

Randomness = Literal["none", "paired", "unpaired"]


@dataclass(frozen=True)
class Pair:
    """Subjects with equal weights by role.  `builders` (baseline, candidate) each return a fresh arm, not yet built.

    `draws` remembers what is known of how the arms draw, by mode: several levels ask.
    """

    baseline: Subject
    candidate: Subject
    builders: tuple[Callable[[], Any], Callable[[], Any]]
    inputs: tuple[InputSpec, ...]
    seed: int = 0
    tolerances: Mapping[str, float] = field(default_factory=lambda: dict(TOLERANCES))
    draws: dict[bool, Randomness] = field(default_factory=dict, compare=False)

    @property
    def subjects(self) -> tuple[Subject, Subject]:
        """Baseline, then candidate."""
        return self.baseline, self.candidate

    @property
    def split(self) -> bool:
        """Whether one arm has several weights for one of the other."""
        return any(len(flat(subject.variables)) > len(subject.variables) for subject in self.subjects)

    @property
    def modes(self) -> tuple[bool, ...]:
        """The values of `training` that can matter: both where an arm takes the flag, else inference alone."""
        return (False, True) if self.baseline.takes_training or self.candidate.takes_training else (False,)


def no_limit() -> float:
    """The seconds that are left where there is no time limit."""
    return math.inf


@dataclass(frozen=True)
class Options:
    """How much is checked.  `remaining` tells the seconds left; `updates` is the number of optimizer steps."""

    batches: tuple[int, ...] = (1, 4, 8)
    optimizers: tuple[str, ...] = ("sgd", "adam", "adagrad")
    updates: int = 5
    examples: int = 60
    dtype_policies: tuple[str, ...] = ("mixed_float16", "mixed_bfloat16", "float64")
    fresh_process: bool = True
    remaining: Callable[[], float] = no_limit
