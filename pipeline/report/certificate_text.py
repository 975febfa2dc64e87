"""A certificate in words: what the terminal, a failing test and a log show, in the order one reads it."""

from collections.abc import Iterator

from pipeline.printable import clean
from pipeline.records import Certificate, Counterexample, Finding, InputSpec, ProgramPrint, Proof, Record, TensorText

HASH_LENGTH = 12
RULES = {
    "exact": "exact",
    "zero_sign": "/Z, up to the sign of zero",
    "preconditions": "/P, under the preconditions",
}


class Section(Record, frozen=True):
    """A small table under a title.  The cells hold text from user code, already cleaned."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def headline(certificate: Certificate) -> tuple[str, str]:
    """The verdict in a sentence, and a line on what it is about."""
    level = f", first level {certificate.level}" if certificate.level else ""
    arms = f"{certificate.baseline} against {certificate.candidate} on {inputs_text(certificate.inputs)}"
    return clean(certificate.sentence), clean(f"{certificate.verdict}{level}: {arms}, {certificate.seconds:.1f} s")


def sections(certificate: Certificate) -> Iterator[Section]:
    """What stands below the headline.  A section without rows is left away."""
    found = certificate.counterexample
    every = [
        beside(certificate),
        counterexample(found) if found else None,
        *(_proof(certificate.proof) if certificate.proof else ()),
        _checks(certificate.findings),
        _weights(certificate),
        Section("Left out", ("what and why",), tuple((item,) for item in certificate.left_out)),
        _about(certificate),
    ]
    yield from (_cleaned(section) for section in every if section is not None and section.rows)


def lines(certificate: Certificate) -> Iterator[str]:
    """The whole certificate as plain lines."""
    yield from headline(certificate)
    for section in sections(certificate):
        yield ""
        yield from section_lines(section)


def section_lines(section: Section) -> Iterator[str]:
    """The title, then a line a row; what has several lines is set in."""
    yield (
        f"{section.title}:"
        if len(section.columns) < 3
        else f"{section.title} ({', '.join(filter(None, section.columns))}):"
    )
    for row in section.rows:
        first, *rest = "  ".join(cell for cell in row if cell).split("\n")
        yield f"  {first}"
        yield from (f"      {line}" for line in rest)


def beside(certificate: Certificate) -> Section:
    """The lifecycle rows in which one arm raises a clear error where the other works."""
    rows = tuple((finding.check, sentence(finding)) for finding in certificate.lifecycle)
    return _cleaned(Section("Beside the verdict", ("check", "one arm raises where the other works"), rows))


def counterexample(found: Counterexample) -> Section:
    """The failing input, and what both arms make of it."""
    groups = (("input", found.inputs), ("baseline", found.baseline), ("candidate", found.candidate))
    rows = tuple(
        (f"{name} {at}" if len(tensors) > 1 else name, tensor_type(tensor), f"\n{tensor.values}")
        for name, tensors in groups
        for at, tensor in enumerate(tensors)
    )
    size = "smallest failing input found" if found.smallest else "failing input"
    return _cleaned(Section(f"Counterexample, {size}, {found.mode}, batch {found.batch}", ("", "type", "values"), rows))


def inputs_text(inputs: tuple[InputSpec, ...]) -> str:
    """The inputs as `--inputs` takes them."""
    return "; ".join(
        f"{spec.dtype}[{','.join(map(str, spec.shape))}]{{{spec.low:.12g}..{spec.high:.12g}}}" for spec in inputs
    )


def tensor_type(tensor: TensorText) -> str:
    """E.g. float32[4, 3]."""
    return f"{tensor.dtype}{list(tensor.shape)}"


def opaque(item: ProgramPrint) -> str:
    """Why equal fingerprints of this program would prove nothing; empty where they would."""
    return "; ".join(dict.fromkeys((*item.baseline.opaque, *item.candidate.opaque)))


def sentence(finding: Finding) -> str:
    """What was found, without the name of the check before it."""
    return finding.sentence.removeprefix(f"{finding.check}: ")


def reach(finding: Finding) -> str:
    """What a check proves and under which preconditions; empty where it proves nothing by itself."""
    given = f" (given: {'; '.join(finding.preconditions)})" if finding.preconditions else ""
    return f"proves {finding.proves}{given}" if finding.proves else given.strip()


def _proof(proof: Proof) -> Iterator[Section]:
    said = {True: "the same", False: "not the same", None: "not decided"}
    rows = [("programs", said[proof.programs]), ("rule", RULES[proof.rule] if proof.rule else "")]
    rows += [("proves", proof.proves), *(("given", item) for item in proof.preconditions)]
    if not proof.programs:  # the same program leaves nothing to decide
        rows += [("equal over the real numbers", said[proof.algebra]), ("why", proof.why)]
    yield Section("Proof", ("", "what the programs say"), tuple(row for row in rows if row[1]))
    prints = tuple(
        (
            "equal" if item.equal else "not equal",
            item.program,
            RULES[item.rule].split(",")[0],
            item.baseline.hash[:HASH_LENGTH],
            item.candidate.hash[:HASH_LENGTH],
            opaque(item),
        )
        for item in proof.prints
    )
    yield Section("Fingerprints", ("", "program", "rule", "baseline", "candidate", "proves nothing, because"), prints)


def _checks(findings: tuple[Finding, ...]) -> Section:
    rows = tuple(
        (
            item.outcome,
            item.level,
            item.check,
            "; ".join(filter(None, (sentence(item), reach(item)))),
            f"{item.seconds:.2f} s",
        )
        for item in findings
    )
    return Section("Checks", ("outcome", "level", "check", "finding", "time"), rows)


def _weights(certificate: Certificate) -> Section:
    rows = tuple(
        (role.role, str(list(role.shape)), role.baseline or "not tracked", role.candidate or "not tracked")
        for role in certificate.weight_map
    )
    return Section("Weight map", ("role", "shape", "baseline", "candidate"), rows)


def _about(certificate: Certificate) -> Section:
    groups = (("settings", certificate.settings), ("versions", certificate.versions))
    rows = tuple((name, "; ".join(f"{key} {value}" for key, value in group.items())) for name, group in groups)
    return Section("Made with", ("", "what"), rows)


def _cleaned(section: Section) -> Section:
    return Section(section.title, section.columns, tuple(tuple(clean(cell) for cell in row) for row in section.rows))
