"""In which mode the arms are trained: as users train, unless they draw random numbers there."""

import numpy as np

from pipeline.certify.distribution.steps import Batch
from pipeline.certify.evaluation import evaluator
from pipeline.certify.interface.listing import SEED_STATE
from pipeline.certify.pair import Pair
from pipeline.certify.subject import Subject, trainable_roles
from pipeline.certify.update.steps import ROWS
from pipeline.certify.values.randomness import randomness
from pipeline.certify.weights import read
from pipeline.frontend import variable_path

DRAWS = (
    "trained in inference mode: an arm draws random numbers in train mode, and what replicas draw is by design not "
    "what one device draws"
)
ALWAYS_DRAWS = "not trained: an arm draws random numbers in inference mode too, and replicas draw their own by design"
NO_ROWS = "not trained: an output has not one row per example, so no loss of a replica's rows is part of the whole"
NOTHING = "neither arm has a variable, so there is nothing to train"


def choose(pair: Pair, arrays: Batch) -> tuple[bool | None, str]:
    """(training, remark).  `training` is None where the level has nothing to say, for the reason in the remark."""
    if not pair.baseline.variables:
        return None, NOTHING
    calm = [mode for mode in reversed(pair.modes) if not _draws(pair, arrays, mode)]
    if not calm:
        return None, ALWAYS_DRAWS
    if not all(_has_rows(subject, arrays, calm[0]) for subject in pair.subjects):
        return None, NO_ROWS
    return calm[0], "" if calm[0] == pair.modes[-1] else DRAWS


def _draws(pair: Pair, arrays: Batch, training: bool) -> bool:
    """Whether a call draws, from TensorFlow's generator or from a seed state of the arm's own."""
    return randomness(pair, training) != "none" or any(
        _moves_a_seed(subject, arrays, training) for subject in pair.subjects
    )


def _moves_a_seed(subject: Subject, arrays: Batch, training: bool) -> bool:
    named = zip(subject.roles, subject.variables, strict=True)
    seeds = {role for role, variable in named if SEED_STATE in variable_path(variable)}
    if not seeds:
        return False
    before, trainable = read(subject), trainable_roles(subject)
    roles = [role for role in subject.roles if role not in trainable]
    after = zip(roles, evaluator(subject, training, "eager")(arrays).state, strict=True)
    return any(role in seeds and not np.array_equal(before[role], value) for role, value in after)


def _has_rows(subject: Subject, arrays: Batch, training: bool) -> bool:
    return all(output.shape[:1] == (ROWS,) for output in evaluator(subject, training, "eager")(arrays).outputs)
