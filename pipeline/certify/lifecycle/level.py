"""The checks of level lifecycle, cheapest first; the fresh process runs beside them."""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial

from pipeline.certify.findings import Check, guarded, run_checks
from pipeline.certify.lifecycle import calls, copies, masks, process, training
from pipeline.certify.lifecycle.lives import lives_of
from pipeline.certify.lifecycle.observe import Life, Observe, judge
from pipeline.certify.lifecycle.policies import compare_policy
from pipeline.certify.lifecycle.process import FreshProcess
from pipeline.certify.pair import Options, Pair
from pipeline.certify.values.randomness import randomness
from pipeline.records import Finding, Level

UNREPEATABLE = (
    "left out: the arms draw from TensorFlow's global generator in inference mode, so copies can't be compared; "
    "draw from a keras SeedGenerator instead"
)
OBSERVATIONS: Mapping[str, tuple[Level, Observe]] = {
    "repeated calls, in several orders": ("state", calls.repeated_calls),
    "default of the training flag": ("lifecycle", calls.default_mode),
    "empty batch": ("lifecycle", calls.empty_batch),
    "reuse shares weights": ("lifecycle", calls.reuse),
    "called twice, a builder gives two arms": ("lifecycle", calls.independent),
    "freeze": ("lifecycle", training.frozen),
    "config round trip": ("lifecycle", copies.config_round_trip),
    "clone": ("lifecycle", copies.clone),
    "save and load": ("lifecycle", copies.save_and_load),
    "weights file": ("lifecycle", copies.weights_file),
    "batch size left open": ("lifecycle", calls.unknown_batch),
    "compiled by XLA": ("lifecycle", calls.compiled),
    "state after training and evaluation": ("state", training.trained),
    "export and reload": ("lifecycle", copies.export),
}


def check(pair: Pair, options: Options) -> Iterator[Finding]:
    """Findings of levels lifecycle and state.  Both arms keep the weights they came with."""
    return guarded("lifecycle", _check(pair, options))


def _check(pair: Pair, options: Options) -> Iterator[Finding]:
    running = process.start(pair) if options.fresh_process else None
    try:
        if randomness(pair, training=False) != "none":
            yield Finding("lifecycle", "randomness", "inconclusive", UNREPEATABLE)
            return
        with lives_of(pair) as both:
            yield from run_checks("lifecycle", _checks(pair, options, both), options.remaining)
        if running is not None:
            late = {process.CHECK: partial(_collected, running, options)}
            yield from run_checks("lifecycle", late, options.remaining)
    finally:
        if running is not None:
            process.stop(running)


def _checks(pair: Pair, options: Options, both: Sequence[Life]) -> dict[str, Check]:
    """Dtype policies and masks need both arms at once; all else is observed arm by arm."""
    checks: dict[str, Check] = {
        "mask on the output": partial(masks.compare_made_masks, both),
        "mask passes on": partial(masks.compare_incoming_mask, both),
        "bad ids": partial(calls.compare_bad_ids, both),
        "frozen, in train mode": partial(_frozen, both),
    }
    checks |= {f"dtype policy {name}": partial(compare_policy, name, pair, both) for name in options.dtype_policies}
    checks |= {
        name: partial(_observation, level, name, both, observe) for name, (level, observe) in OBSERVATIONS.items()
    }
    return checks


def _observation(level: Level, name: str, both: Sequence[Life], observe: Observe) -> list[Finding]:
    return [judge(level, name, both, observe)]


def _frozen(both: Sequence[Life]) -> list[Finding]:
    """Keras' own BatchNormalization is peculiar when frozen; a difference there is worth knowing, no more."""
    finding = judge("lifecycle", "frozen, in train mode", both, training.frozen_in_train_mode)
    if finding.outcome == "different":
        finding = Finding(finding.level, finding.check, "note", finding.sentence)
    return [finding]


def _collected(running: FreshProcess, options: Options) -> list[Finding]:
    return [process.collect(running, options.remaining())]
