"""Small certificates, made by hand."""

from pipeline.records import (
    Certificate,
    Counterexample,
    Finding,
    Fingerprint,
    InputSpec,
    ProgramPrint,
    Proof,
    TensorText,
    WeightRole,
)


def counterexample(values: str = "[[1.]]") -> Counterexample:
    """One number that the candidate negates."""
    one, other = TensorText((1, 1), "float32", values), TensorText((1, 1), "float32", "[[-1.]]")
    return Counterexample((one,), (one,), (other,), mode="inference", batch=1, smallest=True)


def finding(outcome="same", check="forward", sentence="outputs agree", found=None, **more) -> Finding:
    """A finding of level values."""
    return Finding("values", check, outcome, sentence, counterexample=found, **more)


def proof(programs: bool | None = True, opaque: tuple[str, ...] = ()) -> Proof:
    """One program, the same in both arms up to the sign of zero."""
    print_ = Fingerprint("0123456789abcdef" * 4, 7, opaque)
    prints = (ProgramPrint("vjp, batch 1", "zero_sign", print_, print_, equal=True),)
    return Proof(programs, "zero_sign", "the same HLO program", ("batch sizes 1",), prints, None, "no field value")


def certificate(verdict="different", *findings: Finding, proved: Proof | None = None, **changes) -> Certificate:
    """A certificate with these findings; `changes` are its fields."""
    fields = {
        "verdict": verdict,
        "level": "values" if verdict == "different" else "",
        "sentence": f"It is {verdict}.",
        "baseline": "mine.py:one",
        "candidate": "mine.py:other",
        "inputs": (InputSpec((3,), "int32", 0, 9),),
        "weight_map": (WeightRole("kernel", (3, 2), "one/kernel", None),),
        "findings": findings,
        "proof": proved,
        "lifecycle": tuple(item for item in findings if item.outcome == "loud"),
        "left_out": ("update: not asked for",),
        "settings": {"seed": 0},
        "versions": {"tensorflow": "2.21.0"},
        "seconds": 1.25,
    }
    return Certificate(**(fields | changes))
