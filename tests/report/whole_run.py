"""The golden run with certificates and timings besides."""

import msgspec
import numpy as np
import time_evidence
from certificates import certificate, finding, proof
from golden_run import DIFFERENCES, FUNCTIONAL_ONE, FUNCTIONAL_TWO, LAMBDA_ONE, LOOKUP_ONE, golden_run

from pipeline.analysis.certified import certified_cell
from pipeline.records import (
    PHASES,
    Cell,
    CertifyEvidence,
    CertifyTrial,
    PhaseTiming,
    Profile,
    Resources,
    Run,
    TimeEvidence,
    Worker,
)

# Per timed cell: how many times the baseline's the candidate's step takes, and the noise of a call.
TIMES = {
    FUNCTIONAL_ONE: (1.0, 0.02),
    FUNCTIONAL_TWO: (1.03, 0.02),
    LAMBDA_ONE: (0.93, 0.02),
    LOOKUP_ONE: (1.12, 0.2),
}
PROCESSES = 4
LIFE = ("save and load", "clone", "freeze")


def whole_run() -> Run:
    """The lambda arm is loud in one row of its life; the timing of one cell is noisy."""
    run, rng = golden_run(), np.random.default_rng(0)
    pairs = dict.fromkeys(map(certified_cell, DIFFERENCES))
    proved = [_certified(at, cell) for at, cell in enumerate(pairs)]
    timed = [_timed(cell, process, rng) for cell in TIMES for process in range(PROCESSES)]
    more = (*proved, *timed)
    plan = msgspec.structs.replace(run.plan, trials=(*run.plan.trials, *(item.trial for item in more)))
    return msgspec.structs.replace(run, plan=plan, evidence=(*run.evidence, *more))


def _certified(at: int, cell: Cell) -> CertifyEvidence:
    odd = cell.candidate == "lambda"
    rows = [finding(), *(msgspec.structs.replace(finding(check=check), level="lifecycle") for check in LIFE)]
    if odd:
        rows[1] = msgspec.structs.replace(rows[1], outcome="loud", sentence="the lambda arm raises ValueError on load")
    verdict = "equivalent" if odd else "proven"
    trial = CertifyTrial(f"certificate-{at}", cell, {}, Profile(), Resources(), 60.0)
    worker = Worker("golden-host", 4000 + at % 2, "CPU", {}, 1.75e9 + 4 * at, 3.6, at > 1)
    return CertifyEvidence(trial, certificate(verdict, *rows, proved=None if odd else proof()), worker)


def _timed(cell: Cell, process: int, rng: np.random.Generator) -> TimeEvidence:
    at = PROCESSES * list(TIMES).index(cell) + process
    trial = msgspec.structs.replace(time_evidence.trial(process, cell), id=f"timing-{at}")
    worker = Worker("golden-host", 6000 + at, "CPU", {}, 1.75e9 + 150 + 6 * at, 5.0, False)
    phases = {phase: _phase(*TIMES[cell], rng) for phase in PHASES}
    return time_evidence.evidence(process, trial=trial, phases=phases, worker=worker)


def _phase(ratio: float, noise: float, rng: np.random.Generator) -> PhaseTiming:
    found = time_evidence.phase((100.0, 100.0 * ratio, 100.0), rounds=4, calls=5)
    blocks = [
        msgspec.structs.replace(b, step_us=tuple((np.array(b.step_us) * np.exp(rng.normal(0, noise, 5))).tolist()))
        for b in found.blocks
    ]
    return msgspec.structs.replace(found, blocks=tuple(blocks))
