"""What a level of the certificate reports, and how a crash inside one check stays inside it.

Outcomes: `same` checked and found the same · `different` a silent difference, counts against sameness · `loud` one arm
raises a clear error where the other works · `note` alike in both, or outside the declared inputs · `inconclusive` not
decided, with what would decide it · `error` the check itself crashed, never a pass.
"""

import re
import time
import traceback
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

import msgspec
import numpy as np
import numpy.typing as npt

from pipeline.records import Finding, Level, TensorText
from pipeline.redacted import redact

Check = Callable[[], Iterable[Finding]]
SHOWN_ELEMENTS = 256
MESSAGE_LENGTH = 200
TIME_LIMIT = "time limit"  # the check of a finding that tells what the limit cut


def tensor_text(array: npt.NDArray[np.generic]) -> TensorText:
    """The tensor, ready for a certificate."""
    values = np.array2string(np.asarray(array), threshold=SHOWN_ELEMENTS, separator=", ", floatmode="unique")
    return TensorText(shape=tuple(array.shape), dtype=str(array.dtype), values=values)


def tensor_texts(arrays: Sequence[npt.NDArray[np.generic]]) -> tuple[TensorText, ...]:
    """Each tensor, ready for a certificate."""
    return tuple(tensor_text(array) for array in arrays)


def first_line(problem: BaseException) -> str:
    """The error's type and the start of its message on one line, without secrets and what Keras wraps around it."""
    message = redact(str(problem)).split("Arguments received by")[0]
    words = re.sub(r"\x1b\[\d+m|\{\{.*?\}\}|Exception encountered when calling \S+", " ", message).split()
    text = " ".join(words)
    return f"{type(problem).__name__}: {text[:MESSAGE_LENGTH]}" if text else type(problem).__name__


def run_checks(level: Level, checks: Mapping[str, Check], remaining: Callable[[], float]) -> Iterator[Finding]:
    """Each check's findings in turn.  A crash becomes an `error` finding; checks past the time limit are named."""
    left_out: list[str] = []
    for name, check in checks.items():
        if remaining() <= 0:
            left_out.append(name)
        else:
            yield from _run_check(level, name, check)
    if left_out:
        yield Finding(level, TIME_LIMIT, "note", f"left out when the time limit was reached: {', '.join(left_out)}")


def guarded(level: Level, findings: Iterable[Finding]) -> Iterator[Finding]:
    """The findings of a level; what breaks between its checks ends it with an `error` finding."""
    try:
        yield from findings
    except Exception as problem:
        yield crashed(level, "preparation", problem)


def crashed(level: Level, check: str, problem: Exception) -> Finding:
    """The finding that an exception makes, while it is being handled."""
    sentence = f"the check crashed: {first_line(problem)}"
    return Finding(level, check, "error", sentence, traceback=redact(traceback.format_exc()))


def _run_check(level: Level, name: str, check: Check) -> list[Finding]:
    started = time.perf_counter()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what the arms warn of is theirs; a check that needs it records it
            findings = list(check())
    except Exception as problem:  # a crash of any kind must not read as a pass, nor stop the other checks
        findings = [crashed(level, name, problem)]
    seconds = (time.perf_counter() - started) / max(1, len(findings))
    return [msgspec.structs.replace(finding, seconds=round(seconds, 4)) for finding in findings]
