"""A certificate as HTML: a page of its own, or a fragment for another page.

A page that takes in a fragment includes templates/certificate.css after style.css.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import jinja2

from pipeline.analysis.wording import count, number
from pipeline.records import Certificate, Finding
from pipeline.report.certificate_text import (
    HASH_LENGTH,
    RULES,
    inputs_text,
    opaque,
    reach,
    sentence,
    tensor_type,
)
from pipeline.report.templating import environment

# Told by a word and a mark, never by colour alone; the tone picks the colour.
MARKS: Mapping[str, tuple[str, str]] = {
    "proven": ("∎", "same"),
    "identical": ("≡", "same"),
    "equivalent": ("≈", "same"),
    "same": ("=", "same"),
    "different": ("≠", "different"),
    "error": ("!", "different"),
    "loud": ("!", "open"),
    "inconclusive": ("?", "open"),
    "note": ("i", "none"),
}


def page(certificate: Certificate) -> bytes:
    """One file that makes no request; everything from user code is escaped."""
    return _environment().get_template("certificate.html").render(_context(certificate, 2)).encode()


def fragment(certificate: Certificate, *, heading: int = 3) -> str:
    """The certificate as an `article` without ids; its sections are headed by `<h{heading}>`."""
    return _environment().get_template("certificate.fragment.html").render(_context(certificate, heading))


def _context(certificate: Certificate, heading: int) -> dict[str, Any]:
    levels: dict[str, list[Finding]] = {}
    for finding in certificate.findings:
        levels.setdefault(finding.level, []).append(finding)
    return {"certificate": certificate, "found": certificate.counterexample, "levels": levels, "heading": heading}


def _tally(findings: Sequence[Finding]) -> str:
    """E.g. `12 checks: 11 same, 1 loud`."""
    outcomes = Counter(finding.outcome for finding in findings)
    return (
        f"{count(len(findings), 'check')}: {', '.join(f'{amount} {outcome}' for outcome, amount in outcomes.items())}"
    )


@cache
def _environment() -> jinja2.Environment:
    helpers = {
        "marks": MARKS,
        "rules": RULES,
        "hash_length": HASH_LENGTH,
        "inputs_text": inputs_text,
        "number": number,
        "opaque": opaque,
        "sentence": sentence,
        "reach": reach,
        "tally": _tally,
        "tensor_type": tensor_type,
    }
    return environment(helpers)
