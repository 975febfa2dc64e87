"""For a user's own pytest suite."""

from collections.abc import Callable, Sequence
from typing import Any

from pipeline.records import Certificate, InputSpec

SAME = frozenset({"proven", "identical", "equivalent"})


def assert_layers_equivalent(
    baseline: Callable[[], Any],
    candidate: Callable[[], Any],
    inputs: Sequence[InputSpec],
    *,
    allow_inconclusive: bool = False,
    **settings: Any,
) -> Certificate:
    """Fails unless both builders give the same layer; returns the certificate.

    `settings` as in `pipeline.compare`.  AssertionError with the verdict, the first level that differs, the smallest
    failing input found and both outputs.  Raises BuilderError and ConfigError as `compare` does.
    """
    __tracebackhide__ = True  # pytest then shows the line of the test
    from pipeline.certify.comparison import compare

    certificate = compare(baseline, candidate, inputs=inputs, **settings)
    allowed = SAME | {"inconclusive"} if allow_inconclusive else SAME
    if certificate.verdict not in allowed:
        raise AssertionError("\n".join(message(certificate)))
    return certificate


def message(certificate: Certificate) -> list[str]:
    """The lines that a failing test shows."""
    from pipeline.report.certificate_text import beside, counterexample, headline, section_lines

    found, loud = certificate.counterexample, beside(certificate)
    shown = [*headline(certificate)]
    shown += section_lines(counterexample(found)) if found else []
    shown += section_lines(loud) if loud.rows else []
    return shown
