"""Trials for gangs of real training processes, small enough for a test: 3 epochs of 4 steps, 2 calls each."""

from small_data import digits

from pipeline.records import Cell, Outcome, Profile, Resources, Strategy, TrainEvidence, Training, TrainTrial

TWO_WORKERS = Strategy("multi_worker_mirrored", workers=2)
TWO_WORKERS_AND_PS = Strategy("parameter_server", workers=2, ps=1)


DIGITS = {"digits": digits()}


def gang_trial(
    name: str = "t", *, strategy: Strategy = TWO_WORKERS, seed: int = 0, cpus: float = 0.5, frontend: str = "keras"
) -> TrainTrial:
    """Both arms of a projection with dropout, by Adam."""
    return TrainTrial(
        id=name,
        cell=Cell("projection", "class", "functional", "digits", strategy, frontend),
        seed=seed,
        training=Training(epochs=3, global_batch=16, learning_rate=0.01, dropout=0.25, steps_per_call=2),
        options={"units": 6},
        profile=Profile(frontend=frontend),
        resources=Resources(cpus, processes=strategy.processes),
    )


def results(outcome: Outcome) -> object:
    """What training gave, bit for bit, without what depends on the clock."""
    assert isinstance(outcome, TrainEvidence), outcome
    return [(arm.weights_digest, arm.train_loss, arm.held_out, arm.metrics) for arm in outcome.arms]


def pids(outcome: Outcome) -> list[int]:
    """The processes of the gang, the chief's first."""
    assert isinstance(outcome, TrainEvidence), outcome
    return [int(member.rpartition(" ")[2]) for member in outcome.worker.members]
