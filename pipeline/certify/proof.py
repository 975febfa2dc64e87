"""The proofs: the same program, or at least the same real function.  A proof that fails says nothing of the pair."""

import time

from pipeline.certify import algebra, program
from pipeline.certify.findings import first_line
from pipeline.certify.pair import Pair
from pipeline.certify.settings import Settings
from pipeline.records import Proof


def prove(pair: Pair, settings: Settings, seconds: float) -> Proof:
    """Tries the program level in all modes and batches, then algebra in what is left of `seconds`.

    A proof that can't be had is a Proof that says why, never an exception: the other levels go on without it.
    """
    began = time.monotonic()
    if pair.split:
        return Proof(None, None, "", (), (), None, "no program: a weight of one arm is split in the other")
    # One training step will do: equal gradients of equal types are all that an optimizer is given.
    optimizer = "adam" if "adam" in settings.optimizers else settings.optimizers[0]
    try:
        found = program.compare(*pair.subjects, settings.batches, pair.modes, seconds, optimizers=(optimizer,))
    except Exception as problem:  # the tracer meets arbitrary user code; what it can't read is no proof
        return Proof(None, None, "", (), (), None, f"no program: {first_line(problem)}")
    equal, why = None, found.refused
    if not found.equal and time.monotonic() - began < seconds:
        equal, algebra_why = _over_the_reals(pair, settings)
        why = "; ".join(part for part in (why, algebra_why) if part)
    return Proof(
        programs=found.equal,
        rule=found.rule if found.equal else None,
        proves=found.proves,
        preconditions=found.preconditions,
        prints=found.prints,
        algebra=equal,
        why=why,
    )


def _over_the_reals(pair: Pair, settings: Settings) -> tuple[bool | None, str]:
    """Whether outputs and gradients are equal as real functions, in every mode, at the smallest batch above one."""
    batch = min((size for size in settings.batches if size > 1), default=1)
    try:
        for training in pair.modes:
            arms = [program.forward_and_vjp(subject, batch, training) for subject in pair.subjects]
            for first, second in zip(*arms, strict=True):
                result = algebra.compare(first, second, pair.inputs, settings.seed)
                if not result.equal:
                    return result.equal, result.why
    except program.ProgramRefused as refusal:
        return None, refusal.reason
    except Exception as problem:  # as above: no proof, and the reason
        return None, f"algebra stopped: {first_line(problem)}"
    return True, ""
