"""Mutates real programs and asks whether any mutant that computes something else keeps its fingerprint.

Command    python -m benchmarks.mutations [MUTANTS] [SEED]      (5000 mutants, a few minutes on one core)
Expect     "false proofs: 0" and exit code 0; a false proof prints the program, the mutation and the rule, exit code 1

A mutant whose fingerprint is that of its origin under some rule is evaluated over the finite field at the same points.
If its values differ, the fingerprint has lied.  The mutants are made in the HLO itself: another opcode, swapped or
replaced operands, changed constants, dimensions, slices, comparisons, contractions, parameters, regions.
"""

import argparse
import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from benchmarks.mutation_arms import ARMS
from benchmarks.mutators import mutate
from pipeline.certify.algebra.comparison import evaluate
from pipeline.certify.program import Program, fingerprint, forward, vjp
from pipeline.certify.program.interpret.walk import Unsupported
from pipeline.certify.subject import Subject
from pipeline.records import RULES, InputSpec

_POINTS = 2


@dataclass(frozen=True)
class Origin:
    """A program to mutate, with its fingerprints by rule and its values at fixed points."""

    name: str
    program: Program
    specs: Sequence[InputSpec]
    prints: tuple[str, ...]
    values: list[dict[str, Any]]


def origins() -> Iterator[Origin]:
    """Forward and VJP of every arm."""
    for name, make in ARMS.items():
        arm = make()
        for take in (forward, vjp):
            yield origin(name, arm, take)


def origin(name: str, arm: Subject, take: Callable[[Subject, int, bool], Program]) -> Origin:
    """One program of an arm, for a batch of 3 in training mode."""
    program = take(arm, 3, True)
    prints, values = _prints(program, arm.inputs), _values(program, arm.inputs)
    return Origin(f"{name} {program.kind}", program, arm.inputs, prints, values)


def _prints(program: Program, specs: Sequence[InputSpec]) -> tuple[str, ...]:
    found = [fingerprint(program, rule=rule, input_specs=specs) for rule in RULES]
    return tuple(item.hash if not item.opaque else "" for item in found)


def _values(program: Program, specs: Sequence[InputSpec]) -> list[dict[str, Any]]:
    points = [np.random.default_rng([11, point]) for point in range(_POINTS)]
    return [evaluate(program, specs, rng, salt, as_ratios=False) for salt, rng in enumerate(points)]


def judge(origin: Origin, mutant: Any) -> tuple[str, tuple[str, ...]]:
    """What became of one mutant, and under which rules its fingerprint is still that of its origin."""
    program = replace(origin.program, module=mutant)
    try:
        prints = _prints(program, origin.specs)
    except Exception as error:  # a mutant may be no valid program at all
        return f"not a program ({type(error).__name__})", ()
    pairs = zip(RULES, prints, origin.prints, strict=True)
    equal = tuple(rule for rule, one, other in pairs if one == other and one)
    if not equal:
        return "other fingerprint", ()
    return _same_values(origin, program), equal


def _same_values(origin: Origin, program: Program) -> str:
    try:
        values = _values(program, origin.specs)
    except Unsupported:
        return "same fingerprint, values not decided"
    except Exception as error:  # shapes that do not fit
        return f"same fingerprint, can't be run ({type(error).__name__})"
    for left, right in zip(origin.values, values, strict=True):
        for label, value in left.items():
            if not np.array_equal(value, right[label]):
                return "FALSE PROOF"
    return "same fingerprint, same values"


def main() -> int:
    parser = argparse.ArgumentParser(description="Fuzzes the fingerprint with mutated programs.")
    parser.add_argument("mutants", nargs="?", type=int, default=5000)
    parser.add_argument("seed", nargs="?", type=int, default=7)
    chosen = parser.parse_args()
    started, rng = time.monotonic(), random.Random(chosen.seed)
    programs = list(origins())
    counts: Counter[str] = Counter()
    kinds: Counter[str] = Counter()
    false: list[str] = []
    while counts.total() < chosen.mutants:
        source = programs[counts.total() % len(programs)]
        mutant, kind = mutate(source.program.module, rng)
        outcome, rules = judge(source, mutant)
        counts[outcome] += 1
        kinds[kind.split()[0]] += 1
        if outcome == "FALSE PROOF":
            false.append(f"{source.name}: {kind} under {', '.join(rules)}")
    for line, count in (*counts.most_common(), *((f"mutation: {kind}", n) for kind, n in kinds.most_common())):
        print(f"{count:6}  {line}")
    seconds = time.monotonic() - started
    print(f"{counts.total()} mutants of {len(programs)} programs in {seconds:.0f} s, seed {chosen.seed}")
    print(f"false proofs: {len(false)}")
    for line in false:
        print(f"  {line}")
    return 1 if false else 0


if __name__ == "__main__":
    sys.exit(main())
