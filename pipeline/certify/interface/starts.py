"""Where training from scratch would start: what each weight is drawn from, and how the draw follows the seed.

Both arms are built anew: twice from one seed, once from another.  Nothing here makes a pair different, since arms are
compared with equal weights; what they would start from is told beside that.
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import stats

from pipeline.certify.builders import build, make_weights
from pipeline.certify.fresh import twin
from pipeline.certify.interface import declared
from pipeline.certify.pair import Pair
from pipeline.certify.stacks import parts
from pipeline.certify.subject import Subject
from pipeline.certify.weights import is_float
from pipeline.frontend import keras, tensor_variable, variable_path
from pipeline.records import Finding

DISTRIBUTIONS, STREAMS = "initialisers", "random streams"  # the checks
SURE = 1e-6  # a Kolmogorov-Smirnov test with a smaller p says that a draw is not what was declared
MOST = 65_536  # numbers of a weight that are tested
ROUNDING = 1e-6
ARMS = ("baseline", "candidate")


@dataclass(frozen=True)
class Start:
    """One weight as its arm makes it.  `fits` is None where that can't be told; `p` is 1 where nothing was drawn."""

    path: str
    declared: str
    told: str
    fits: bool | None
    p: float = 1.0
    random: bool = True


@dataclass(frozen=True)
class Draw:
    """One building of an arm: its float weights, and what they hold, by role."""

    starts: Mapping[str, tuple[Start, ...]]
    digests: Mapping[str, str]


def compare_starts(pair: Pair) -> Iterator[Finding]:
    """Two findings, where the arms have float weights: their distributions, and the streams they are drawn from."""
    arms = list(zip(pair.subjects, pair.builders, strict=True))
    first, again, other = (
        [_drawn(subject, builder, seed) for subject, builder in arms] for seed in (pair.seed, pair.seed, pair.seed + 1)
    )
    if first[0].digests:
        yield _distributions(first)
        yield _streams(first, again, other)


def _drawn(subject: Subject, builder: Callable[[], Any], seed: int) -> Draw:
    with declared.recorded() as initializers:
        copy = twin(subject, _made(subject, builder, seed))
    starts, digests = {}, {}
    for role, variable in zip(copy.roles, copy.variables, strict=True):
        values = [tensor_variable(part).numpy() for part in parts(variable)]
        if all(map(is_float, values)):
            digests[role] = hashlib.sha256(b"".join(value.tobytes() for value in values)).hexdigest()
            starts[role] = tuple(_start(part, initializers.get(id(tensor_variable(part)))) for part in parts(variable))
    return Draw(starts, digests)


def _made(subject: Subject, builder: Callable[[], Any], seed: int) -> Any:
    """The arm from this seed, called only if it has its weights no earlier."""
    keras.utils.set_random_seed(seed)
    model = builder()
    make_weights(model, subject.inputs)
    if len(model.variables) == len(subject.model.variables):
        return model
    keras.utils.set_random_seed(seed)
    return build(subject.name, builder, subject.inputs)


def _start(variable: Any, initializer: Any) -> Start:
    path = variable_path(variable)
    if initializer is None:
        return Start(path, "unknown", "made without add_weight: its initialiser is not known", None)
    value, name = tensor_variable(variable).numpy().astype(np.float64), declared.shown(initializer)
    if declared.is_fixed(initializer):
        expected = np.asarray(initializer(value.shape, dtype="float32")).astype(np.float64)
        fits = bool(np.allclose(value, expected, rtol=ROUNDING, atol=0))
        return Start(path, name, f"{name}: fixed values", fits, random=False)
    law = declared.promised(initializer, value.shape)
    if law is None:
        return Start(path, name, f"{name}: no law of its elements is known", None, random=hasattr(initializer, "seed"))
    return _tested(path, name, value.ravel(), law)


def _tested(path: str, name: str, values: npt.NDArray[np.float64], law: Any) -> Start:
    """Bounds against the law's, and mean, spread and shape together by a Kolmogorov-Smirnov test."""
    p = float(stats.kstest(values[:: max(1, -(-values.size // MOST))], law.cdf).pvalue)
    (low, high), slack = law.support(), ROUNDING * law.std()
    inside = bool(np.all((values >= low - slack) & (values <= high + slack)))
    told = (
        f"{name}: {values.size:,} numbers of mean {values.mean():.3g} and std {values.std():.3g}, from "
        f"{values.min():.3g} to {values.max():.3g}; declared mean {law.mean():.3g} and std {law.std():.3g}, from "
        f"{low:.3g} to {high:.3g}; p {p:.2g}"
    )
    return Start(path, name, told, inside and p > SURE, p)


def _distributions(draws: Sequence[Draw]) -> Finding:
    every = [
        (arm, start)
        for arm, draw in zip(ARMS, draws, strict=True)
        for role in draw.starts
        for start in draw.starts[role]
    ]
    tested = [start for _, start in every if start.fits is not None]
    wrong = [
        f"{start.path} of the {arm} is not as declared ({start.told})" for arm, start in every if start.fits is False
    ]
    apart = [
        f"{role} is {one} in the baseline and {two} in the candidate"
        for role, (one, two) in _declarations(draws).items()
        if one != two
    ]
    smallest = min(start.p for _, start in every)
    said = "; ".join([*wrong, *apart]) or "all are as declared, and declared alike in both arms"
    return Finding(
        "interface",
        DISTRIBUTIONS,
        "note" if wrong or apart else "same",
        f"{len(tested)} of {len(every)} weights were tested as their arms make them, smallest p {smallest:.2g}: {said}",
        details={f"{arm} {start.path}": start.told for arm, start in every}
        | {
            "weights": len(every),
            "tested": len(tested),
            "misfits": len(wrong),
            "apart": len(apart),
            "smallest_p": smallest,
        },
    )


def _declarations(draws: Sequence[Draw]) -> dict[str, tuple[str, str]]:
    """What each role is declared as in either arm; parts that are declared alike count once."""
    shown = [
        {role: " and ".join(dict.fromkeys(start.declared for start in found)) for role, found in draw.starts.items()}
        for draw in draws
    ]
    return {role: (shown[0][role], shown[1][role]) for role in shown[0] if role in shown[1]}


def _streams(first: Sequence[Draw], again: Sequence[Draw], other: Sequence[Draw]) -> Finding:
    """Which roles are drawn alike in both arms from one seed, and what either arm draws from it once more."""
    roles = [role for role, found in first[0].starts.items() if any(start.random for start in found)]
    if not roles:
        return Finding("interface", STREAMS, "same", "no weight is drawn at random", details={"roles": 0})
    alike = _equal(roles, first[0], first[1])
    repeated = [_equal(roles, *both) for both in zip(first, again, strict=True)]
    kept = [_equal(roles, *both) for both in zip(first, other, strict=True)]
    sentence = f"from one seed both arms draw the same numbers for {len(alike)} of {len(roles)} roles"
    for arm, once_more, whatever in zip(ARMS, repeated, kept, strict=True):
        sentence += (
            f"; the {arm} draws {len(once_more)} the same when it is built again, "
            f"and {len(whatever)} the same from another seed, having a seed of their own"
        )
    everything = [alike, *repeated]
    details = {"roles": len(roles), "alike": len(alike)}
    for arm, once_more, whatever in zip(ARMS, repeated, kept, strict=True):
        details |= {f"{arm}_repeated": len(once_more), f"{arm}_own_seed": len(whatever)}
    same = all(len(found) == len(roles) for found in everything)
    return Finding("interface", STREAMS, "same" if same else "note", sentence, details=details)


def _equal(roles: Sequence[str], one: Draw, two: Draw) -> list[str]:
    return [role for role in roles if one.digests[role] == two.digests.get(role)]
