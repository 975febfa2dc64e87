"""Two builders to one certificate: the levels of the ladder, cheapest first, until one shows a difference."""

import platform
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec
import numpy as np
import tensorflow as tf

from pipeline.certify import distribution, interface, lifecycle, update, values
from pipeline.certify.builders import Builder, build, passes_positionally, takes_training
from pipeline.certify.findings import TIME_LIMIT
from pipeline.certify.interface import WeightMatch, match_weights, transplant
from pipeline.certify.lifecycle import process
from pipeline.certify.pair import Options, Pair
from pipeline.certify.proof import prove
from pipeline.certify.settings import EXTRA_LEVELS, Settings, check
from pipeline.certify.subject import Subject
from pipeline.certify.tpu import level as tpu_level
from pipeline.certify.verdict import judge
from pipeline.frontend import NAME, dtype_policy, keras
from pipeline.records import Certificate, Finding, InputSpec, Level, Proof

ARMS = ("baseline", "candidate")
DECISIVE: Mapping[str, Level] = {"values": "values", "update": "update"}  # no verdict without them but by a proof
PROOF_SHARE = 0.4  # of the time that is left when the proofs begin


@dataclass
class _Progress:
    """What has been found so far, and the time that is left."""

    deadline: float
    findings: list[Finding] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    proof: Proof | None = None

    def remaining(self) -> float:
        """Seconds."""
        return self.deadline - time.monotonic()

    @property
    def different(self) -> bool:
        """Whether some level has shown a difference."""
        return any(finding.outcome == "different" for finding in self.findings)


def compare(
    baseline: Builder, candidate: Builder, inputs: Sequence[InputSpec], *, names: Sequence[str] = (), **settings: Any
) -> Certificate:
    """Certifies two builders: callables without arguments, each giving a fresh Layer or Model of this frontend.

    `settings` are the fields of `pipeline.certify.settings.Settings`.  Seconds, in this process, no network, no Ray.
    Raises BuilderError where an arm can't be built or called on `inputs`, ConfigError for settings that make no sense.
    """
    chosen, specs, began = Settings(**settings), tuple(inputs), time.monotonic()
    check(chosen, specs)
    if "distribution" in chosen.levels:
        distribution.set_up()
    progress = _Progress(began + chosen.time_limit)
    with dtype_policy(chosen.dtype_policy):
        models = _built((baseline, candidate), specs, chosen.seed)
        match = match_weights(models[0], models[1], specs, chosen.weights_map, chosen.seed)
        progress.findings += match.findings
        if match.complete:
            _climb(_pair(models, match, (baseline, candidate), specs, chosen), chosen, progress)
        else:
            progress.left_out += [f"{level}: the weights are not paired" for level in chosen.levels]
    verdict, level, sentence = judge(progress.findings, progress.proof)
    own = tuple(str(getattr(builder, "__qualname__", builder)) for builder in (baseline, candidate))
    first, second = tuple(names) or own
    return Certificate(
        verdict=verdict,
        level=level,
        sentence=sentence,
        baseline=first,
        candidate=second,
        inputs=specs,
        weight_map=match.weight_map,
        findings=tuple(progress.findings),
        proof=progress.proof,
        lifecycle=tuple(finding for finding in progress.findings if finding.outcome == "loud"),
        left_out=tuple(progress.left_out),
        settings=chosen.shown(),
        versions=_versions(),
        seconds=round(time.monotonic() - began, 3),
    )


def _built(builders: Sequence[Builder], inputs: Sequence[InputSpec], seed: int) -> list[Any]:
    models = []
    for name, builder in zip(ARMS, builders, strict=True):
        keras.utils.set_random_seed(seed)
        models.append(build(name, builder, inputs))
    return models


def _pair(
    models: Sequence[Any],
    match: WeightMatch,
    builders: tuple[Builder, Builder],
    inputs: tuple[InputSpec, ...],
    settings: Settings,
) -> Pair:
    """The subjects, with the baseline's weights in both."""
    transplant(match)
    variables = (match.baseline_variables, match.candidate_variables)
    baseline, candidate = (
        Subject(name, model, inputs, match.roles, own, takes_training(model), passes_positionally(model, len(inputs)))
        for name, model, own in zip(ARMS, models, variables, strict=True)
    )
    return Pair(baseline, candidate, builders, inputs, settings.seed, settings.tolerances)


def _climb(pair: Pair, settings: Settings, progress: _Progress) -> None:
    """Level by level; a difference ends it, because what comes later rests on what came before."""
    options = Options(settings.batches, settings.optimizers, remaining=progress.remaining)
    if "lifecycle" in settings.levels:
        process.warm()  # it takes seconds to start, beside the other levels
    levels: dict[str, Callable[[], Iterable[Finding]]] = {
        "interface": lambda: interface.check(pair, options),
        "program": lambda: _proved(pair, settings, progress),
        "values": lambda: values.check(pair, options),
        "update": lambda: update.check(pair, options),
        "lifecycle": lambda: lifecycle.check(pair, options),
        "distribution": lambda: distribution.check(pair, options),
        "tpu": lambda: tpu_level.check(pair, options),
    }
    for level, run in levels.items():
        if level in EXTRA_LEVELS and level not in settings.levels:
            continue
        why_not = _why_not(level, settings, progress)
        if level in EXTRA_LEVELS and pair.split:
            why_not = "a weight of one arm is split in the other"
        if why_not:
            progress.left_out.append(f"{level}: {why_not}")
        else:
            progress.findings += [_strictly(finding, settings) for finding in run()]


def _why_not(level: str, settings: Settings, progress: _Progress) -> str:
    if level not in settings.levels:
        return "not asked for"
    if progress.different:
        return "an earlier level shows a difference"
    if progress.remaining() > 0:
        return distribution.missing() if level == "distribution" else ""
    reason = f"the time limit of {settings.time_limit:g} s was reached"
    if level in DECISIVE:
        progress.findings.append(Finding(DECISIVE[level], TIME_LIMIT, "note", reason))
    return reason


def _proved(pair: Pair, settings: Settings, progress: _Progress) -> Iterable[Finding]:
    progress.proof = prove(pair, settings, PROOF_SHARE * progress.remaining())
    return ()


def _strictly(finding: Finding, settings: Settings) -> Finding:
    if settings.strict_lifecycle and finding.outcome == "loud":
        return msgspec.structs.replace(finding, outcome="different")
    return finding


def _versions() -> dict[str, str]:
    return {
        "python": platform.python_version(),
        "tensorflow": tf.__version__,
        "frontend": f"{NAME} {keras.__version__}",
        "numpy": np.__version__,
    }
