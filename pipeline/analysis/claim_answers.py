"""How each claim is answered from evidence.  Nothing here knows a result beforehand."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from pipeline.analysis.answer import Answer
from pipeline.analysis.certificate_answers import updates
from pipeline.analysis.certified import certificates
from pipeline.analysis.families import FamilySummary, summarise_families
from pipeline.analysis.verdicts import NOT_RUN, SEVERITY
from pipeline.analysis.wording import count, listed, shortened
from pipeline.records import CellSummary, ExampleEvidence, Loop, Run, Stage, TrainEvidence

Answerer = Callable[[Run, Sequence[CellSummary]], Answer]

LOOPS: Mapping[Loop, str] = {"custom": "In a custom loop", "fit": "By fit"}


def all_families(run: Run, summaries: Sequence[CellSummary]) -> Answer:
    """C1: how many cells have which verdict, over every family."""
    ran = [summary for summary in summaries if summary.verdict not in NOT_RUN]
    if not any(summary.seeds for summary in ran):
        return Answer(missing="training of a family (families, data and seeds in the config)")
    counts = Counter(summary.verdict for summary in summaries)
    families = len({summary.cell.family for summary in ran})
    told = listed([f"{counts[verdict]} {verdict}" for verdict in SEVERITY if counts[verdict]])
    noun = "family" if families == 1 else "families"
    certified = Counter(str(item.certificate.verdict) for item in certificates(run).values())
    words = listed([f"{certified[verdict]} {verdict}" for verdict in SEVERITY if certified[verdict]])
    pairs = f" Certificates: {words}." if certified else ""
    return Answer(
        f"{families} {noun}, {count(len(summaries), 'cell')}: {told}.{pairs}",
        "" if certified else "a certificate of every family (certify: true)",
        cells=_labels(ran),
    )


def example(name: str, family: str) -> Answerer:
    """C2 to C4: what became of an example as it stands, and the verdict on the family that does it right."""

    def answer(run: Run, summaries: Sequence[CellSummary]) -> Answer:
        found = [item for item in run.evidence if isinstance(item, ExampleEvidence) and item.trial.example == name]
        corrected = _family(family, summaries)
        parts = [f"As it stands: {_outcomes(found)}."] if found else []
        if corrected:
            parts.append(f"Done right ({family}): {corrected.verdict}. {corrected.sentence}")
        gaps = [] if found else ["running the example as it stands (article_examples: true)"]
        gaps += [] if corrected else [f"training the family {family} ({family} in families, and data that it takes)"]
        return Answer(
            " ".join(parts),
            "; ".join(gaps),
            cells=_labels([summary for summary in summaries if summary.cell.family == family and summary.seeds]),
            trials=tuple(item.trial.id for item in found),
        )

    return answer


def training(run: Run, summaries: Sequence[CellSummary]) -> Answer:
    """C9: which styles trained in which loop, under which strategies, what failed, and what one device says to it."""
    trained = [item for item in run.evidence if isinstance(item, TrainEvidence)]
    examples = [item for item in run.evidence if isinstance(item, ExampleEvidence)]
    if not trained:
        return Answer(missing="training of a family (families, data and seeds in the config)")
    clauses = {how: _trained([item for item in trained if item.trial.cell.loop == loop]) for loop, how in LOOPS.items()}
    failed = sum(len(summary.failed_seeds) for summary in summaries)
    outcome = f"{count(failed, 'trial')} failed" if failed else "No trial failed"
    fitted = _fitted(examples)
    sentences = [
        *(f"{how}, {told}" for how, told in clauses.items() if told),
        outcome,
        _one_device(summaries),
        updates(run),
        fitted and f"The examples by fit: {fitted}",
    ]
    return Answer(
        " ".join(f"{sentence}." for sentence in sentences if sentence),
        missing="" if clauses[LOOPS["fit"]] or fitted else "training by fit (loop: [custom, fit])",
        cells=_labels([summary for summary in summaries if summary.seeds]),
        trials=tuple(item.trial.id for item in examples),
    )


def _fitted(examples: Sequence[ExampleEvidence]) -> str:
    """`complex_layer trains (keras and tf_keras); stateful_layer fails at build (keras)`."""
    told: dict[str, list[str]] = {}
    for item in examples:
        told.setdefault(f"{item.trial.example} {_fit(item.stages)}", []).append(item.trial.frontend)
    return "; ".join(f"{what} ({listed(frontends)})" for what, frontends in told.items())


def _fit(stages: Sequence[Stage]) -> str:
    worked = {stage.name: stage.worked for stage in stages}
    if not worked.get("train", True):
        return "runs and leaves the captured weights untrained"
    if worked.get("fit"):
        return "trains"
    return f"fails at {next((name for name, fine in worked.items() if not fine), 'the start')}"


def _trained(found: Sequence[TrainEvidence]) -> str:
    """`3 trials trained class and functional arms under mirrored(2)`; empty for none."""
    if not found:
        return ""
    styles = list(dict.fromkeys(arm.style for item in found for arm in item.arms))
    strategies = list(dict.fromkeys(item.trial.cell.strategy.label for item in found))
    return f"{count(len(found), 'trial')} trained {listed(styles)} arms under {listed(strategies)}"


def _one_device(summaries: Sequence[CellSummary]) -> str:
    """How many cells train as on one device, and which do not; empty where none was compared."""
    judged = [(item.cell, item.agreement.verdict) for item in summaries if item.agreement]
    judged = [(cell, verdict) for cell, verdict in judged if verdict != "not judged"]
    if not judged:
        return ""
    apart = [f"{cell.family} under {cell.strategy.label}" for cell, verdict in judged if verdict == "differs"]
    same = f"{len(judged) - len(apart)} of {count(len(judged), 'cell')} trained as on one device"
    return f"{same}; not so {listed(list(dict.fromkeys(apart)))}" if apart else same


def _family(name: str, summaries: Sequence[CellSummary]) -> FamilySummary | None:
    """The summary of a family of which something was measured."""
    of_family = [summary for summary in summaries if summary.cell.family == name]
    return summarise_families(of_family)[0] if any(summary.seeds for summary in of_family) else None


def _outcomes(found: Sequence[ExampleEvidence]) -> str:
    """`keras: build failed (…); tf_keras: build, fit and save worked`."""
    return "; ".join(f"{item.trial.frontend}: {_outcome(item)}" for item in found)


def _outcome(item: ExampleEvidence) -> str:
    worked = [stage.name for stage in item.stages if stage.worked]
    broken = [stage for stage in item.stages if not stage.worked]
    if not broken:
        return f"{listed(worked)} worked" if worked else "no stage ran"
    failure = f"{broken[0].name} failed ({shortened(broken[0].detail)})"
    return f"{listed(worked)} worked, {failure}" if worked else failure


def _labels(summaries: Sequence[CellSummary]) -> tuple[str, ...]:
    return tuple(summary.cell.label for summary in summaries)
