"""How the claim about initialisation is answered: from certificates, and from what a lambda captured."""

from collections.abc import Iterator, Sequence

from pipeline.analysis.answer import Answer
from pipeline.analysis.certified import certificates
from pipeline.analysis.wording import count, listed, shortened
from pipeline.records import CellSummary, CertifyEvidence, ExampleEvidence, Finding, Run

# The checks of pipeline.certify.interface.starts.
DISTRIBUTIONS, STREAMS = "initialisers", "random streams"
CAPTURED = "captured_dense"


def initialisation(run: Run, _: Sequence[CellSummary]) -> Answer:
    """C6: do weights start as declared, and alike in both arms, and what becomes of one that a lambda captures."""
    certified = list(certificates(run).values())
    drawn = [item for item in certified if _finding(item, DISTRIBUTIONS)]
    lambdas = [item for item in certified if item.trial.cell.candidate == "lambda"]
    captured = [item for item in run.evidence if isinstance(item, ExampleEvidence) and item.trial.example == CAPTURED]
    gaps = {
        "certificates with the interface level (certify: true)": drawn,
        "what becomes of a weight that a lambda captures (article_examples: true, or lambda in styles)": [
            *lambdas,
            *captured,
        ],
    }
    return Answer(
        " ".join([*_drawn(drawn), *_lambdas(lambdas), *_captured(captured)]),
        missing="; ".join(gap for gap, found in gaps.items() if not found),
        trials=(*(item.trial.id for item in (*drawn, *lambdas)), *(item.trial.id for item in captured)),
    )


def _drawn(found: Sequence[CertifyEvidence]) -> Iterator[str]:
    if not found:
        return
    laws, streams = ([each for item in found if (each := _finding(item, name))] for name in (DISTRIBUTIONS, STREAMS))
    smallest = min(float(each.details["smallest_p"]) for each in laws)
    yield (
        f"{count(len(found), 'pair')} built anew: {_sum(laws, 'tested')} of {count(_sum(laws, 'weights'), 'weight')} "
        f"tested against what was declared, {_sum(laws, 'misfits')} not as declared (smallest p {smallest:.2g}), "
        f"{_sum(laws, 'apart')} declared otherwise in one arm."
    )
    roles = _sum(streams, "roles")
    if not roles:
        return
    repeated = _sum(streams, "baseline_repeated") + _sum(streams, "candidate_repeated")
    own = _sum(streams, "baseline_own_seed") + _sum(streams, "candidate_own_seed")
    yield (
        f"From one seed both arms draw the same numbers for {_sum(streams, 'alike')} of {count(roles, 'role')}; "
        f"built again, they repeat {repeated} of {2 * roles} draws, {own} of them by a seed of their own."
    )


def _lambdas(found: Sequence[CertifyEvidence]) -> Iterator[str]:
    for item in found:
        cell = item.trial.cell
        yield f"{cell.family} {cell.candidate} vs {cell.baseline} ({cell.frontend}): {item.certificate.sentence}"


def _captured(found: Sequence[ExampleEvidence]) -> Iterator[str]:
    """What failed, once for the frontends in which it failed alike."""
    told: dict[str, list[str]] = {}
    for item in found:
        broken = [f"{stage.name}: {shortened(stage.detail)}" for stage in item.stages if not stage.worked]
        told.setdefault("; ".join(broken) or "tracked, trained and saved", []).append(item.trial.frontend)
    for what, frontends in told.items():
        yield f"A weight captured by a lambda ({listed(frontends)}): {what}."


def _finding(item: CertifyEvidence, check: str) -> Finding | None:
    found = (each for each in item.certificate.findings if each.check == check and each.outcome in ("same", "note"))
    return next(found, None)


def _sum(found: Sequence[Finding], detail: str) -> int:
    return sum(int(each.details.get(detail, 0)) for each in found)
