"""Are two arms the same program, for these batch sizes and modes?"""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from pipeline.certify.program.fingerprints import declared_ranges, fingerprint
from pipeline.certify.program.graphdef import graphdef_fingerprint
from pipeline.certify.program.programs import forward_and_vjp, train_step
from pipeline.certify.program.records import NotCompiled, Program, ProgramRefused, ProgramResult
from pipeline.certify.subject import Subject, trainable_roles
from pipeline.records import RULES, ProgramPrint, Rule

_EXACTNESS = {
    "exact": "bit for bit, as far as HLO fixes the order of sums",
    "zero_sign": "up to the sign of zeros",
    "preconditions": "up to the sign of zeros, for integer inputs in their declared ranges",
}


@dataclass
class _Findings:
    """What has been looked at so far.  `any_batch` are the modes whose graphs are equal for every batch size.

    `alike`: at the first batch size, each arm was one program whatever the training flag.
    """

    prints: list[ProgramPrint] = field(default_factory=list)
    alike: bool = False
    left_out: list[str] = field(default_factory=list)
    any_batch: list[str] = field(default_factory=list)

    def enough(self, *, late: bool) -> str:
        """Why there is no need or no time to look further; "" where there are both."""
        if not all(item.equal for item in self.prints):
            return "programs differ already"
        return "time limit" if late else ""


def compare(
    a: Subject,
    b: Subject,
    batches: Sequence[int],
    modes: Sequence[bool],
    time_limit: float,
    *,
    optimizers: Sequence[str] = ("adam",),
    clock: Callable[[], float] = time.monotonic,
) -> ProgramResult:
    """Fingerprints of forward, VJP and training step of both arms; `modes` are values of the training flag.

    Where neither arm takes a training flag, the first mode stands for all; where each arm is the same program in every
    mode at the first batch size, the last mode stands for all at the others.  Every mode is looked at once, whatever
    `time_limit` (seconds) says; further batch sizes and training steps while it lasts and nothing differs.  Training
    steps are looked at where the arms train anything.
    """
    deadline = clock() + time_limit
    modes = modes if a.takes_training or b.takes_training else modes[:1]
    found = _Findings()
    try:
        for batch in batches:
            for training in modes[-1:] if found.alike else modes:
                reason = found.enough(late=clock() > deadline) if batch != batches[0] else ""
                if reason:
                    found.left_out.append(f"{_name(batch, training)}: {reason}")
                else:
                    _add_call(found, a, b, batch, training)
            found.alike = found.alike or _mode_free(found.prints, len(modes))
    except NotCompiled as refusal:
        return _by_graph(a, b, modes, refusal)
    except ProgramRefused as refusal:
        return ProgramResult(None, prints=tuple(found.prints), refused=refusal.reason)
    for optimizer in optimizers if trainable_roles(a) and trainable_roles(b) else ():
        _add_step(found, a, b, batches[0], optimizer, found.enough(late=clock() > deadline))
    if not found.enough(late=clock() > deadline):
        found.any_batch += [_mode(training) for training in modes if _same_graph(a, b, training)]
    return _conclude(found, a, batches, modes)


def _name(batch: int, training: bool) -> str:
    return f"batch {batch}, {_mode(training)}"


def _mode(training: bool) -> str:
    return "training" if training else "inference"


def _print(name: str, left: Program, right: Program, subject: Subject) -> ProgramPrint:
    """The fingerprints under the strongest rule that makes them equal, else under the weakest rule."""
    for rule in RULES:
        one, other = (fingerprint(program, rule=rule, input_specs=subject.inputs) for program in (left, right))
        equal = one.hash == other.hash and not (one.opaque or other.opaque)
        if equal:
            break
    return ProgramPrint(f"{left.kind}, {name}", rule, one, other, equal)


def _add_call(found: _Findings, a: Subject, b: Subject, batch: int, training: bool) -> None:
    programs = zip(forward_and_vjp(a, batch, training), forward_and_vjp(b, batch, training), strict=True)
    found.prints += [_print(_name(batch, training), left, right, a) for left, right in programs]


def _mode_free(prints: Sequence[ProgramPrint], modes: int) -> bool:
    """Whether each arm has no more programs in all modes than in one: a fingerprint says nothing of the mode."""
    arms = ([item.baseline.hash for item in prints], [item.candidate.hash for item in prints])
    return modes > 1 and all(len(set(hashes)) * modes == len(hashes) for hashes in arms)


def _add_step(found: _Findings, a: Subject, b: Subject, batch: int, optimizer: str, reason: str) -> None:
    """A training step that can't be had is left out: an equal VJP already fixes what the optimizer is given."""
    name = f"{optimizer}, batch {batch}"
    if reason:
        found.left_out.append(f"train_step, {name}: {reason}")
        return
    try:
        found.prints.append(_print(name, train_step(a, batch, optimizer), train_step(b, batch, optimizer), a))
    except ProgramRefused as refusal:
        found.left_out.append(f"train_step, {name}: {refusal.reason}")


def _same_graph(a: Subject, b: Subject, training: bool) -> bool:
    try:
        return graphdef_fingerprint(a, training).hash == graphdef_fingerprint(b, training).hash
    except ProgramRefused:
        return False


def _by_graph(a: Subject, b: Subject, modes: Sequence[bool], refusal: NotCompiled) -> ProgramResult:
    """What TensorFlow's own graphs say where XLA has none."""
    prints: list[ProgramPrint] = []
    try:
        for training in modes:
            one, other = graphdef_fingerprint(a, training), graphdef_fingerprint(b, training)
            name = f"TensorFlow graph, any batch, {_mode(training)}"
            prints.append(ProgramPrint(name, "exact", one, other, one.hash == other.hash))
    except ProgramRefused as second:
        return ProgramResult(None, prints=tuple(prints), refused=f"{refusal.reason}; {second.reason}")
    if not all(item.equal for item in prints):
        return ProgramResult(None, prints=tuple(prints), refused=f"{refusal.reason}; their TensorFlow graphs differ")
    proves = f"the same TensorFlow graph for any batch size, {' and '.join(map(_mode, modes))}; gradients with it"
    return ProgramResult(True, "exact", tuple(prints), "", proves)


def _conclude(found: _Findings, a: Subject, batches: Sequence[int], modes: Sequence[bool]) -> ProgramResult:
    prints = tuple(found.prints)
    if not all(item.equal for item in prints):
        return ProgramResult(False, prints=prints, left_out=tuple(found.left_out))
    rule: Rule = max((item.rule for item in prints), key=RULES.index)
    sizes = sorted({batch for batch in batches if any(f"batch {batch}," in item.program for item in prints)})
    return ProgramResult(
        True,
        rule,
        prints,
        "",
        ". ".join(_sentences(found, rule, sizes, modes)),
        (f"batch sizes {', '.join(map(str, sizes))}", *(declared_ranges(a.inputs) if rule == "preconditions" else ())),
        tuple(found.left_out),
    )


def _sentences(found: _Findings, rule: Rule, sizes: Sequence[int], modes: Sequence[bool]) -> Iterator[str]:
    kinds = sorted({item.program.split(",")[0] for item in found.prints})
    yield (
        f"The same HLO program in {' and '.join(map(_mode, modes))}, {_EXACTNESS[rule]}: {', '.join(kinds)}; "
        f"batch {', '.join(map(str, sizes))}"
    )
    if found.any_batch:
        yield f"The same TensorFlow graph for any batch size in {' and '.join(found.any_batch)}"
