"""What the compiler's answers for one module of both arms amount to: one finding."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pipeline.certify.program import ProgramRefused
from pipeline.certify.tpu.modules import Module
from pipeline.certify.tpu.optimised import program_name
from pipeline.certify.tpu.process import Compilation
from pipeline.certify.tpu.records import Answer
from pipeline.records import Finding, FindingOutcome

PROVES = (
    "that it compiles for one TPU core, to what program and with how much memory; nothing of speed, of the numbers it "
    "gives, of SparseCore or of several cores"
)


@dataclass(frozen=True)
class Arm:
    """One arm's module and what came of it: no `answer` where it was not compiled or the compiler gave none."""

    name: str
    module: Module
    answer: Answer | None
    program: bytes = b""

    @property
    def works(self) -> bool:
        """Whether it compiled."""
        return self.answer is not None and self.answer.compiled

    @property
    def reason(self) -> str:
        """Why it did not compile, in XLA's words; "" where it did or where nobody knows."""
        return self.module.failed or (self.answer.why if self.answer else "")


def judge(check: str, first: Arm, second: Arm, done: Compilation, about: Mapping[str, str]) -> Finding:
    """Same program: `same`; another: `note`; one arm alone compiles: `loud`; a dead compiler: `error`."""
    arms = (first, second)
    refused = [f"{arm.name}: {arm.module.refused}" for arm in arms if arm.module.refused]
    if refused:
        return Finding("tpu", check, "note", f"not compiled: {'; '.join(refused)}")
    if any(arm.answer is None and not arm.module.failed for arm in arms):
        return _unanswered(check, done)
    details = {**about, **_figures(first), **_figures(second)}
    seconds = round(sum(arm.answer.seconds for arm in arms if arm.answer), 4)
    outcome, sentence = _compared(first, second) if first.works and second.works else _failed(first, second)
    proves = PROVES if first.works or second.works else ""
    return Finding("tpu", check, outcome, sentence, proves, details=details, seconds=seconds)


def _unanswered(check: str, done: Compilation) -> Finding:
    """No time is a note, as at other levels; a compiler that dies is an error, for the arms' modules may be why."""
    outcome: FindingOutcome = "note" if done.late else "error"
    return Finding("tpu", check, outcome, f"no answer from the TPU compiler: {done.broken}", traceback=done.stderr)


def _figures(arm: Arm) -> dict[str, str | float | int | bool]:
    if arm.answer is None or not arm.answer.compiled:
        return {}
    names = ("temp_bytes", "argument_bytes", "output_bytes", "code_bytes", "flops", "seconds")
    figures = {name: getattr(arm.answer, name) for name in names}
    return {f"{arm.name}_{name}": value for name, value in figures.items() if value is not None}


def _failed(first: Arm, second: Arm) -> tuple[FindingOutcome, str]:
    if not first.works and not second.works:
        reasons = (
            [first.reason] if first.reason == second.reason else [f"{a.name}: {a.reason}" for a in (first, second)]
        )
        return "note", f"neither arm compiles for a TPU: {'; '.join(reasons)}"
    works, fails = (first, second) if first.works else (second, first)
    return "loud", f"the {works.name} compiles for a TPU, the {fails.name} does not: {fails.reason}"


def _compared(first: Arm, second: Arm) -> tuple[FindingOutcome, str]:
    try:
        names = [_name(arm) for arm in (first, second)]
    except ProgramRefused as refusal:
        return (
            "note",
            f"both arms compile for a TPU; the programs can't be compared: {refusal.reason}; {_costs(first, second)}",
        )
    if names[0] == names[1]:
        return "same", f"both arms compile for a TPU to the same program; {_costs(first, second)}"
    return "note", f"both arms compile for a TPU, each to another program; {_costs(first, second)}"


def _name(arm: Arm) -> str:
    if arm.module.program is None:
        raise ProgramRefused(f"{arm.name}: {arm.module.unnamed}")
    return program_name(arm.program, arm.module.program)


def _costs(*arms: Arm) -> str:
    """Scratch memory and FLOPs: once where the arms agree, else baseline first."""
    answers = [arm.answer for arm in arms if arm.answer]
    temp = _against(f"{answer.temp_bytes:,}" for answer in answers)
    flops = _against("unknown" if answer.flops is None else f"{answer.flops:,.0f}" for answer in answers)
    return f"temporary memory {temp} bytes, {flops} FLOPs"


def _against(figures: Iterable[str]) -> str:
    return " against ".join(dict.fromkeys(figures))
