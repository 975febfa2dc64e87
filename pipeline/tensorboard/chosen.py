"""Which trials of a run have curves of their own in TensorBoard, which lists runs one by one and loads them all."""

from collections import Counter

from pipeline.records import Plan, TrainTrial

MOST_TRIALS = 500  # each has two arms, each a run of TensorBoard's


def chosen(plan: Plan) -> frozenset[str]:
    """The ids of all, where they are few; of many train trials the first seeds of each cell, as many as there is room.

    The bands over seeds are of all seeds in any case.
    """
    training = [trial for trial in plan.trials if isinstance(trial, TrainTrial)]
    others = {trial.id for trial in plan.trials} - {trial.id for trial in training}
    if len(training) > MOST_TRIALS:
        seeds_before: Counter[str] = Counter()
        ranks = dict[str, int]()
        for trial in training:
            label = trial.cell.label
            ranks[trial.id] = seeds_before[label]
            seeds_before[label] += 1
        training = sorted(training, key=lambda trial: ranks[trial.id])[:MOST_TRIALS]
    return frozenset(others | {trial.id for trial in training})
