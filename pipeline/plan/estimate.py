"""How long a plan may take: a rough figure to plan a day by, not a promise."""

import math

from pipeline.records import PHASES, Capacity, CertifyTrial, ExampleTrial, Inventory, Plan, Record, TimeTrial, Trial

# Measured on two shared x86-64 cores with TensorFlow 2.21 (benchmarks/wall_time.py shows a run's own figures).
SECONDS_PER_ARM = 0.8  # build and trace
SECONDS_PER_STEP = 0.0006  # a step of a small model; each further replica costs as much again
SECONDS_PER_GANG = 2.0  # beyond the same steps in one process: its share of the gang's start, and waiting for peers
SECONDS_PER_EXAMPLE_TRIAL = 1.0
SECONDS_PER_CERTIFICATE = 8.0
SECONDS_PER_TIME_TRIAL = 8.0  # the process, three arms, warm-up; and the blocks that the config asks for
WORKER_START_SECONDS = 8.0  # Ray, the process, TensorFlow


class Estimate(Record, frozen=True):
    """`work_seconds` of trials on one core each; `wall_seconds` on the given CPUs, start-up included.

    `most`: of every look, where the config has looks and these are the first's.
    """

    trials: int
    work_seconds: float
    wall_seconds: float
    most: "Estimate | None" = None

    @property
    def sentence(self) -> str:
        """The estimate as people say it."""
        told = (
            f"{self.trials} trials, about {_duration(self.wall_seconds)} here "
            f"({_duration(self.work_seconds)} of work; a rough estimate)"
        )
        return f"{told}; where no look decides, at most {self.most.sentence}" if self.most else told


def estimate(plan: Plan, inventory: Inventory, capacity: Capacity) -> Estimate:
    """Adds the trials up by what they hold: a trial of two CPUs fills two."""
    work = sum(_seconds(trial, inventory) for trial in plan.trials)
    held = sum(_seconds(trial, inventory) * trial.resources.cpus * trial.resources.processes for trial in plan.trials)
    wall = held / max(capacity.cpus, 1.0) + WORKER_START_SECONDS if plan.trials else 0.0
    return Estimate(len(plan.trials), work, wall)


def _seconds(trial: Trial, inventory: Inventory) -> float:
    if isinstance(trial, CertifyTrial):
        return SECONDS_PER_CERTIFICATE
    if isinstance(trial, ExampleTrial):
        return SECONDS_PER_EXAMPLE_TRIAL
    if isinstance(trial, TimeTrial):
        return SECONDS_PER_TIME_TRIAL + len(PHASES) * trial.timing.rounds * 6 * trial.timing.block_ms / 1000
    training = trial.training
    rows = min(trial.rows or math.inf, inventory.data[trial.cell.data].rows)
    steps = min(training.steps or math.inf, rows // training.global_batch) * training.epochs
    strategy = trial.cell.strategy
    trained = 2 * (SECONDS_PER_ARM + steps * SECONDS_PER_STEP * strategy.replicas)
    alone = 2 * (SECONDS_PER_ARM + steps * SECONDS_PER_STEP) if trial.agreement else 0.0
    return trained + alone + (SECONDS_PER_GANG if strategy.is_gang else 0.0)


def _duration(seconds: float) -> str:
    if seconds < 100:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 6000 else f"{seconds / 3600:.1f} h"
