"""From measured gaps to findings of level distribution, with arm, variable, number and cause."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pipeline.certify.distribution.devices import REPLICAS
from pipeline.certify.distribution.judge import Apart
from pipeline.certify.distribution.steps import OPTIMIZERS
from pipeline.records import Finding, FindingOutcome, Level

LEVEL: Level = "distribution"
STEPS = 3
BORDERLINE = 10.0  # a gap of up to this many tolerances is not decided
TRAINED = f"after {STEPS} steps of {' and of '.join(OPTIMIZERS)} on {REPLICAS} replicas"
MAYBE = ". That is just above the tolerance and may be rounding"


@dataclass(frozen=True)
class Check:
    """A comparison: its name, how a gap in it reads, and what is said where there is none."""

    name: str
    where: str
    alike: str


AGREE = Check("replicas agree", f"between {REPLICAS} replicas", "every replica holds the same")
ALONE = Check("as on one device", f"on {REPLICAS} replicas from one device's", "every variable is as on one device")
ARMS = Check("arm against arm", f"between the arms on {REPLICAS} replicas", "both arms hold the same")


@dataclass(frozen=True)
class Told:
    """A gap, the variable that shows it, and why, where that is known.  `rounding`: float64 has no such gap."""

    variable: str
    apart: Apart
    why: str = ""
    rounding: bool = False


def finding(check: Check, told: Sequence[Told]) -> Finding:
    """What the gaps of one check amount to."""
    worst = max((each.apart for each in told), key=lambda apart: apart.excess)
    share = worst.share if np.isfinite(worst.share) else "infinite"
    details: dict[str, str | float | int | bool] = {"role": worst.role, "largest_share_of_size": share}
    if worst.excess <= 1.0:
        return Finding(LEVEL, check.name, "same", f"{check.alike}, {TRAINED}", details=details)
    outcome = _outcome(max((each.apart.excess for each in told if not each.rounding), default=0.0))
    sentence = "; ".join(_sentence(check, each) for each in told if each.apart.excess > 1.0)
    return Finding(LEVEL, check.name, outcome, sentence + MAYBE * (outcome == "inconclusive"), details=details)


def _outcome(excess: float) -> FindingOutcome:
    if excess <= 1.0:
        return "note"
    return "different" if excess > BORDERLINE else "inconclusive"


def _sentence(check: Check, told: Told) -> str:
    apart = told.apart
    by = f"{apart.difference:.2g}" if np.isfinite(apart.difference) else "a value that is not finite"
    reason = "it is rounding, for in float64 they agree" if told.rounding else told.why
    gap = f"after {STEPS} steps of {apart.optimizer}, {told.variable} differs {check.where} by {by}"
    return f"{gap}: {reason}" if reason else gap
