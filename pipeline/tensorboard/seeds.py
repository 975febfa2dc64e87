"""What TensorBoard shows of a cell over its seeds: for each series a middle line and a band.  S seeds, E epochs.

An arm's band is its lowest and highest seed; that of the paired difference is the 95 % interval of its mean.  Each line
is a run of its own with the tag of the single seeds, so that they share a chart.  All lines are in one run as well,
because a chart with a band takes its lines from one run.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from pipeline.analysis.statistics import Floats, t_interval
from pipeline.records import TrainEvidence
from pipeline.tensorboard.arm import Series, series

LINES = ("mean", "low", "high")


def runs_over_seeds(found: Sequence[TrainEvidence]) -> dict[str, dict[str, Series]]:
    """Folder -> tag -> values: `class/mean`, `difference/low`, ...; and `.` with the lines of all bands."""
    cell = found[0].trial.cell
    folders = {"baseline": cell.baseline, "candidate": cell.candidate, "difference": "difference"}
    made: dict[str, dict[str, Series]] = {".": {}}
    for tag, of_tag in bands(found).items():
        for role, folder in folders.items():
            for line in LINES:
                values = getattr(of_tag[role], line)
                shown = f"difference/{tag}" if role == "difference" else tag  # not in a chart with what it is of
                made.setdefault(f"{folder}/{line}", {})[shown] = values
                made["."][band_tag(tag, role, line)] = values
    return made


def band_tag(tag: str, role: str, line: str) -> str:
    """`bands/rmse/candidate/low`: one line of one band."""
    return f"bands/{tag}/{role}/{line}"


@dataclass(frozen=True)
class Band:
    """A series over seeds: its mean, and what lies below and above."""

    mean: Series
    low: Series
    high: Series


def bands(found: Sequence[TrainEvidence]) -> dict[str, dict[str, Band]]:
    """By tag: baseline, candidate, and their difference (candidate minus baseline).

    Only of what both arms of every seed have.
    """
    arms_AS = [[series(item.arms[arm], item.trial.training.global_batch) for item in found] for arm in (0, 1)]
    first, *others = [one for of_arm in arms_AS for one in of_arm]
    shared = [tag for tag in first if all(tag in one and one[tag].keys() == first[tag].keys() for one in others)]
    return {tag: _of_tag(tuple(first[tag]), *(_values(of_arm, tag) for of_arm in arms_AS)) for tag in shared}


def _of_tag(epochs: Sequence[int], baseline_SE: Floats, candidate_SE: Floats) -> dict[str, Band]:
    return {
        "baseline": _spread(epochs, baseline_SE),
        "candidate": _spread(epochs, candidate_SE),
        "difference": _interval(epochs, candidate_SE - baseline_SE),
    }


def _values(of_arm: Sequence[Mapping[str, Series]], tag: str) -> Floats:
    return np.array([list(one[tag].values()) for one in of_arm], np.float64)


def _spread(epochs: Sequence[int], values_SE: Floats) -> Band:
    return _band(epochs, values_SE.mean(axis=0), values_SE.min(axis=0), values_SE.max(axis=0))


def _interval(epochs: Sequence[int], differences_SE: Floats) -> Band:
    low_E, high_E = np.array([t_interval(differences_S) for differences_S in differences_SE.T]).T
    return _band(epochs, differences_SE.mean(axis=0), low_E, high_E)


def _band(epochs: Sequence[int], *lines: Floats) -> Band:
    return Band(*(dict(zip(epochs, line_E.tolist(), strict=True)) for line_E in lines))
