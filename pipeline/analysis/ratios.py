"""The ratio of two arms' step times with its interval, from processes, rounds and calls.

P processes, A arms, R rounds, H halves of a round (an arm has a block on the way there, and one on the way back),
K calls of a block, D draws.  Everything is in logarithms: a ratio is a difference.

A process gives one number: of a block the median call, of a round the mean of its halves, of the process the median
round.  The estimate is the mean over processes.  Its interval is a hierarchical bootstrap of Student's t, the mean in
units of its own standard error: processes are drawn with replacement, rounds within them, calls within their blocks.
A drawn process brings the noise of what was drawn within it, and a normal effect of its own with the variance that the
processes have beyond that noise (residuals scaled to their level's variance: Carpenter, Goldstein & Rasbash 2003, Appl.
Stat. 52, 431-443).  The processes' own effects are not drawn because they are too few: see benchmarks/timing_rates.py.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pipeline.analysis.statistics import Floats
from pipeline.records import Ratio

DRAWS = 2_000

Integers = npt.NDArray[np.intp]


def process_ratios(logs_PARHK: Floats, arm: int) -> Floats:
    """Of each process, the log ratio of an arm to arm 0."""
    return _ratios(logs_PARHK[:, [0, arm]])


@dataclass(frozen=True)
class Redraw:
    """What is drawn for timings of one shape, whatever the times: two cells may use the same.

    `low` and `high` (D, P, A, R, H) are the places of a block's two middle drawn calls in the flattened logarithms,
    each block sorted; one array where a block has an odd number of calls.
    """

    drawn_DP: Integers
    low: Integers
    high: Integers
    normal_DP: Floats


def redraw(shape_PARHK: tuple[int, ...], rng: np.random.Generator, draws: int = DRAWS) -> Redraw:
    """For two arms of timings of this shape."""
    processes = shape_PARHK[0]
    drawn_DP = rng.integers(0, processes, (draws, processes))
    low, high = _places(shape_PARHK, drawn_DP, rng)
    return Redraw(drawn_DP, low, high, rng.normal(size=drawn_DP.shape))


def ratio(logs_PARHK: Floats, arm: int, rng: np.random.Generator, *, level: float, draws: int = DRAWS) -> Ratio:
    """An arm over arm 0.  Where all processes agree to the bit the interval is the value itself, twice."""
    return ratio_from(logs_PARHK, arm, redraw(logs_PARHK.shape, rng, draws), level=level)


def ratio_from(logs_PARHK: Floats, arm: int, drawn: Redraw, *, level: float) -> Ratio:
    """The same from draws that were made before."""
    own_P = process_ratios(logs_PARHK, arm)
    centre, spread = float(np.mean(own_P)), float(np.std(own_P, ddof=1))
    if np.ptp(own_P) == 0.0:
        return Ratio(*[float(np.exp(centre))] * 3)
    noise_DP = _taken(logs_PARHK[:, [0, arm]], drawn.low, drawn.high) - own_P[drawn.drawn_DP]
    noise_DP -= noise_DP.mean()
    beyond = np.sqrt(max(0.0, spread**2 - float(np.var(noise_DP))))
    quantile = np.quantile(_student(noise_DP + beyond * drawn.normal_DP), level)
    half = float(quantile) * spread / np.sqrt(len(own_P))
    return Ratio(*(float(np.exp(centre + shift)) for shift in (0.0, -half, half)))


def redrawn(logs_PARHK: Floats, drawn_DP: Integers, rng: np.random.Generator) -> Floats:
    """(D, P): log ratios of the second of two arms, from drawn calls of drawn rounds of these processes."""
    return _taken(logs_PARHK, *_places(logs_PARHK.shape, drawn_DP, rng))


def _places(shape_PARHK: tuple[int, ...], drawn_DP: Integers, rng: np.random.Generator) -> tuple[Integers, Integers]:
    """Where the two middle drawn calls of each block are, rounds drawn too.  A round's arms are drawn together.

    Which calls are drawn is as random in a sorted block as in another, and there the median needs no values.
    """
    _, _, rounds, halves, calls = shape_PARHK
    shape = (*drawn_DP.shape, 2, rounds, halves)
    rounds_DPR = rng.integers(0, rounds, (*drawn_DP.shape, rounds))
    ranks = np.sort(rng.integers(0, calls, (*shape, calls)), axis=-1)
    at_PARH = (drawn_DP[:, :, None, None, None], np.arange(2)[:, None, None], rounds_DPR[:, :, None, :, None])
    block = np.ravel_multi_index(np.broadcast_arrays(*at_PARH, np.arange(halves)), (shape_PARHK[0], 2, rounds, halves))
    low = block * calls + ranks[..., (calls - 1) // 2]
    return low, low if calls % 2 else block * calls + ranks[..., calls // 2]


def _taken(logs_PARHK: Floats, low: Integers, high: Integers) -> Floats:
    """The log ratios of what stands at these places."""
    flat = np.sort(logs_PARHK, axis=-1).ravel()
    blocks = flat[low] if low is high else (flat[low] + flat[high]) / 2
    return _of_rounds(blocks[..., 0] + blocks[..., 1]) / 2  # numpy is slow at means of two


def _ratios(logs_ARHK: Floats) -> Floats:
    """Of the second arm to the first; the axes named are the last, and no other goes."""
    return _of_rounds(np.median(logs_ARHK, axis=-1).mean(axis=-1))


def _of_rounds(rounds_AR: Floats) -> Floats:
    """The median; numpy's own is slow where rows are many and short."""
    ranked_R = np.sort(rounds_AR[..., 1, :] - rounds_AR[..., 0, :], axis=-1)
    rounds = ranked_R.shape[-1]
    found: Floats = (ranked_R[..., (rounds - 1) // 2] + ranked_R[..., rounds // 2]) / 2
    return found


def _student(values_DP: Floats) -> Floats:
    """The size of Student's t of each row's mean."""
    values_PD = np.ascontiguousarray(values_DP.T)  # numpy is slow at many short rows
    error_D = np.std(values_PD, axis=0, ddof=1) / np.sqrt(len(values_PD))
    found_D: Floats = np.abs(values_PD.mean(axis=0)) / np.maximum(error_D, np.finfo(np.float64).tiny)
    return found_D
