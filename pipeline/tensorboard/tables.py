"""Learned tables of both arms in one space, for TensorBoard's projector.  R rows, D width.

Two trainings may end in the same table but for a rotation, so the candidate's rows are rotated onto the baseline's:
orthogonal Procrustes, Schönemann (1966), Psychometrika 31, 1-10.  No distance within an arm changes.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy.linalg import orthogonal_procrustes

from pipeline.analysis.statistics import Floats
from pipeline.store.weights import Weights

OUTPUTS = "head/kernel"  # one column per output: a table of classes, the other way round
MOST_ROWS = 10_000  # a browser can't show more


@dataclass(frozen=True)
class Table:
    """The first rows of one table in both arms, the candidate's rotated.

    `distance` is how far the arms then are from each other, over the length of the baseline: 0 for equal tables.
    """

    role: str
    rows: int
    baseline_RD: Floats
    candidate_RD: Floats
    distance: float


def tables(baseline: Weights, candidate: Weights) -> Iterator[Table]:
    """Those that both arms have in the same shape, two or more of rows and columns; hidden layers left out."""
    for role, weight in baseline.items():
        same = role in candidate and candidate[role].shape == weight.shape
        if same and weight.ndim == 2 and min(weight.shape) > 1 and not role.startswith("hidden_"):
            yield aligned(role, *(arm[role].T if role == OUTPUTS else arm[role] for arm in (baseline, candidate)))


def aligned(role: str, baseline_RD: Floats, candidate_RD: Floats) -> Table:
    """The table, with the rotation that brings the candidate nearest to the baseline."""
    own_RD, other_RD = baseline_RD.astype(np.float64), candidate_RD.astype(np.float64)
    rotation_DD, _ = orthogonal_procrustes(other_RD, own_RD)
    rotated_RD = other_RD @ rotation_DD
    length = float(np.linalg.norm(own_RD)) or 1.0
    distance = float(np.linalg.norm(rotated_RD - own_RD)) / length
    return Table(role, len(own_RD), own_RD[:MOST_ROWS], rotated_RD[:MOST_ROWS], distance)
