"""For a user's own pytest suite.  pipeline.pytest_plugin adds the marker `parity` and --parity-certificates."""

from collections.abc import Callable, Mapping, Sequence
from contextvars import ContextVar
from typing import Any

from pipeline.records import Certificate, InputSpec

SAME = frozenset({"proven", "identical", "equivalent"})

# What the marker of the running test sets, and who is told of each certificate.  The plugin fills both.
MARKED: ContextVar[Mapping[str, Any]] = ContextVar("MARKED", default={})  # noqa: B039  never written to
TOLD: ContextVar[Callable[[Certificate], None]] = ContextVar("TOLD", default=lambda _: None)


class LayersDiffer(AssertionError):  # noqa: N818  a failure, not an error
    """What `assert_layers_equivalent` raises; `certificate` is the whole of what was found."""

    def __init__(self, certificate: Certificate) -> None:
        super().__init__("\n".join(message(certificate)))
        self.certificate = certificate


def assert_layers_equivalent(
    baseline: Callable[[], Any],
    candidate: Callable[[], Any],
    inputs: Sequence[InputSpec],
    *,
    allow_inconclusive: bool = False,
    **settings: Any,
) -> Certificate:
    """Fails unless both builders give the same layer; returns the certificate.

    `settings` as in `pipeline.compare`; those of the test's marker `parity` stand below them.  LayersDiffer, an
    AssertionError, with the verdict, the first level that differs, the smallest failing input found and both outputs.
    Raises BuilderError and ConfigError as `compare` does.
    """
    __tracebackhide__ = True  # pytest then shows the line of the test
    from pipeline.certify.comparison import compare

    marked = dict(MARKED.get())
    allow_inconclusive = marked.pop("allow_inconclusive", False) or allow_inconclusive
    certificate = compare(baseline, candidate, inputs=inputs, **{**marked, **settings})
    TOLD.get()(certificate)
    allowed = SAME | {"inconclusive"} if allow_inconclusive else SAME
    if certificate.verdict not in allowed:
        raise LayersDiffer(certificate)
    return certificate


def message(certificate: Certificate) -> list[str]:
    """The lines that a failing test shows."""
    from pipeline.report.certificate_text import beside, counterexample, headline, section_lines

    found, loud = certificate.counterexample, beside(certificate)
    shown = [*headline(certificate)]
    shown += section_lines(counterexample(found)) if found else []
    shown += section_lines(loud) if loud.rows else []
    return [*shown, f"`parity explain {certificate.level or certificate.verdict}` says what that means"]
