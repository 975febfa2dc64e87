"""One sentence per cell: what was measured, over how many seeds, and what is missing."""

from collections.abc import Sequence

from pipeline.analysis.pairing import PairedCell
from pipeline.analysis.wording import count, listed, number, signed
from pipeline.records import Difference, Verdict


def sentence_of(paired: PairedCell, verdict: Verdict, differences: Sequence[Difference]) -> str:
    """The verdict in words; numbers as the cell's differences have them."""
    if not paired.evidence:
        return f"Nothing was measured: {_losses(paired)}."
    if verdict == "identical":
        return f"Bitwise identical over {_over(paired)}: weights, losses and metrics of the trained arms."
    if verdict == "different":
        return f"{_different(differences)}, over {_over(paired)}{_lost(paired)}."
    if verdict == "equivalent":
        return f"Trained equivalently over {_over(paired)}: {_equivalent(differences)}."
    return _inconclusive(paired, differences)


def _inconclusive(paired: PairedCell, differences: Sequence[Difference]) -> str:
    broken = [metric.name for metric in paired.metrics if metric.name not in {item.metric for item in differences}]
    if broken:
        return f"Undecided over {_over(paired)}: {listed(broken)} is not a finite number{_lost(paired)}."
    if paired.bitwise:
        return f"Bitwise identical over {_over(paired)}, but {_losses(paired)}."
    if len(paired.evidence) < 2:
        return f"Undecided over {_over(paired)}: a difference needs at least 2 seeds{_lost(paired)}."
    open_ones = [difference for difference in differences if difference.verdict == "inconclusive"]
    if not open_ones:
        return f"Equivalent over {_over(paired)}, but {_losses(paired)}."
    return f"Undecided over {_over(paired)}: {_undecided(open_ones)}{_lost(paired)}."


def _over(paired: PairedCell) -> str:
    """`5 seeds`, `4 of 5 seeds`."""
    done, planned = len(paired.evidence), len(paired.planned)
    return count(planned, "seed") if done == planned else f"{done} of {count(planned, 'seed')}"


def _losses(paired: PairedCell) -> str:
    """Which seeds gave no evidence, and why the failed ones did not."""
    parts = []
    if paired.failed:
        kinds = sorted({failure.category.replace("_", " ") for failure in paired.failures})
        who = "every seed" if len(paired.failed) == len(paired.planned) else _seeds(paired.failed)
        parts.append(f"{who} failed ({listed(kinds)})")
    if paired.unfinished:
        parts.append(f"{_seeds(paired.unfinished)} did not run")
    return listed(parts) or "no seed was planned"


def _lost(paired: PairedCell) -> str:
    return f"; {_losses(paired)}" if paired.failed or paired.unfinished else ""


def _seeds(seeds: Sequence[int]) -> str:
    return f"seed{'s' if len(seeds) > 1 else ''} {listed(seeds)}"


def _interval(difference: Difference) -> str:
    return (
        f"{signed(difference.mean)} (95 % interval {signed(difference.low)} to {signed(difference.high)}, "
        f"{_margin(difference)})"
    )


def _margin(difference: Difference) -> str:
    """`margin ±0.01`, `margin ±0.0021, 0.5 SD of the baseline`."""
    of_sd = f", {number(difference.margin_of_sd)} SD of the baseline" if difference.margin_of_sd else ""
    return f"margin ±{number(difference.margin)}{of_sd}"


def _different(differences: Sequence[Difference]) -> str:
    apart = [difference for difference in differences if difference.verdict == "different"]
    told = listed([f"{difference.metric} by {_interval(difference)}" for difference in apart])
    return f"Differs in {told}"


def _equivalent(differences: Sequence[Difference]) -> str:
    tested = [difference for difference in differences if difference.verdict == "equivalent"]
    if not tested:
        return "the metrics are equal for every seed, the weights or losses are not bitwise"
    return listed([f"{difference.metric} differs by {_interval(difference)}" for difference in tested])


def _undecided(differences: Sequence[Difference]) -> str:
    told = listed([f"{difference.metric} differs by {_interval(difference)}" for difference in differences])
    more = max(difference.more_seeds for difference in differences)
    return f"{told}; about {count(more, 'more seed')} would decide" if more else told
