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

import numpy as np
import numpy.typing as npt

from pipeline.analysis.statistics import Floats
from pipeline.records import Ratio

DRAWS = 2_000

Integers = npt.NDArray[np.intp]


def process_ratios(logs_PARHK: Floats, arm: int) -> Floats:
    """Of each process, the log ratio of an arm to arm 0."""
    return _ratios(logs_PARHK[:, [0, arm]])


def ratio(logs_PARHK: Floats, arm: int, rng: np.random.Generator, *, level: float, draws: int = DRAWS) -> Ratio:
    """An arm over arm 0.  Where all processes agree to the bit the interval is the value itself, twice."""
    own_P = process_ratios(logs_PARHK, arm)
    centre, spread = float(np.mean(own_P)), float(np.std(own_P, ddof=1))
    if np.ptp(own_P) == 0.0:
        return Ratio(*[float(np.exp(centre))] * 3)
    drawn_DP = rng.integers(0, len(own_P), (draws, len(own_P)))
    noise_DP = redrawn(logs_PARHK[:, [0, arm]], drawn_DP, rng) - own_P[drawn_DP]
    noise_DP -= noise_DP.mean()
    beyond = np.sqrt(max(0.0, spread**2 - float(np.var(noise_DP))))
    quantile = np.quantile(_student(noise_DP + beyond * rng.normal(size=noise_DP.shape)), level)
    half = float(quantile) * spread / np.sqrt(len(own_P))
    return Ratio(*(float(np.exp(centre + shift)) for shift in (0.0, -half, half)))


def redrawn(logs_PARHK: Floats, drawn_DP: Integers, rng: np.random.Generator) -> Floats:
    """(D, P): log ratios of the second of two arms, from drawn calls of drawn rounds of these processes.

    A round holds both arms, so they are drawn together.
    """
    _, arms, rounds, halves, calls = logs_PARHK.shape
    shape = (*drawn_DP.shape, arms, rounds, halves, calls)
    at_A, at_H = np.arange(arms)[:, None, None, None], np.arange(halves)[:, None]
    rounds_DPR = rng.integers(0, rounds, (*drawn_DP.shape, rounds))
    at_R = rounds_DPR[:, :, None, :, None, None]
    return _ratios(logs_PARHK[drawn_DP[:, :, None, None, None, None], at_A, at_R, at_H, rng.integers(0, calls, shape)])


def _ratios(logs_ARHK: Floats) -> Floats:
    """Of the second arm to the first; the axes named are the last, and no other goes."""
    rounds_AR = np.median(logs_ARHK, axis=-1).mean(axis=-1)
    found: Floats = np.median(rounds_AR[..., 1, :] - rounds_AR[..., 0, :], axis=-1)
    return found


def _student(values_DP: Floats) -> Floats:
    """The size of Student's t of each row's mean."""
    error_D = np.std(values_DP, axis=-1, ddof=1) / np.sqrt(values_DP.shape[-1])
    found_D: Floats = np.abs(values_DP.mean(axis=-1)) / np.maximum(error_D, np.finfo(np.float64).tiny)
    return found_D
