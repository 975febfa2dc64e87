"""A pair of builders whose truth is known, and why.

`level` is the first level of the ladder that can show a difference; "" for a pair that is the same.  The pairs with
split "tuned" may guide the product's rules; "held_out" was set when a pair was written, and no rule may follow it.
Builders and callables are module-level functions or partials of them, so that a pair can cross to another process.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from pipeline.records import InputSpec

Truth = Literal["same", "different"]
Split = Literal["tuned", "held_out"]
Level = Literal["", "interface", "values", "gradient", "update", "lifecycle", "state"]
LEVELS: tuple[Level, ...] = ("interface", "values", "gradient", "update", "lifecycle", "state")
Builder = Callable[[], Any]
Witness = Callable[["Pair"], float]


@dataclass(frozen=True)
class Roles:
    """Which weights play the same role: the baseline's weight k and the candidate's weight `positions[k]`.

    Written down with the pair, not inferred.  No positions: weight k and weight k.
    """

    positions: tuple[int, ...] = ()

    def __call__(self, baseline: Any, candidate: Any) -> None:
        """Copies the baseline's weights into the candidate."""
        for weight, place in zip(baseline.weights, self.aligned(candidate.weights), strict=True):
            place.assign(weight)

    def aligned(self, of_candidate: Sequence[Any]) -> list[Any]:
        """One thing per weight of the candidate, put into the baseline's order; what follows the weights stays."""
        count = len(self.positions)
        return [*(of_candidate[position] for position in self.positions), *of_candidate[count:]]


@dataclass(frozen=True)
class Pair:
    """Two builders without arguments, each giving a fresh layer or model, and what is true of them.

    `witness` gives a number: how far a pair that is different differs in the way that `why` tells (0: not at all).
    `optimizers` limits the update level to those that the truth is about; None: whichever the product tries.
    """

    name: str
    truth: Truth
    level: Level
    baseline: Builder
    candidate: Builder
    inputs: tuple[InputSpec, ...]
    why: str
    split: Split = "tuned"
    weights: Roles = field(default_factory=Roles)
    witness: Witness | None = None
    frontends: tuple[str, ...] = ("keras",)
    optimizers: tuple[str, ...] | None = None


def same(name: str, baseline: Builder, candidate: Builder, *inputs: InputSpec, why: str, **options: Any) -> Pair:
    """An entry of the bank whose arms are the same function of the same weights, however they are trained or saved."""
    return Pair(name, "same", "", baseline, candidate, inputs, why, **options)


def different(
    level: Level, name: str, baseline: Builder, candidate: Builder, *inputs: InputSpec, why: str, **options: Any
) -> Pair:
    """An entry of the bank whose arms differ, first at `level`; needs a `witness`."""
    return Pair(name, "different", level, baseline, candidate, inputs, why, **options)


def against_themselves(pairs: Iterable[Pair]) -> tuple[Pair, ...]:
    """Each baseline, once, against another instance of itself: the same, whatever its pair is."""
    return tuple({(repr(pair.baseline), pair.inputs, pair.frontends): _against_itself(pair) for pair in pairs}.values())


def _against_itself(pair: Pair) -> Pair:
    return Pair(
        name=f"{pair.name} (baseline against itself)",
        truth="same",
        level="",
        baseline=pair.baseline,
        candidate=pair.baseline,
        inputs=pair.inputs,
        why="One builder, called twice.",
        split=pair.split,
        frontends=pair.frontends,
        optimizers=pair.optimizers,
    )
