"""One certify trial: the pair of a cell, on inputs such as the cell's data has."""

from functools import partial

from pipeline.certify.comparison import compare
from pipeline.certify.settings import LEVELS
from pipeline.layers import registry
from pipeline.records import Certificate, CertifyTrial, Dataset, InputSpec


def certify(trial: CertifyTrial, dataset: Dataset) -> Certificate:
    """Compares the cell's two arms as `parity compare` would, on two replicas too where the trial asks for it."""
    cell = trial.cell
    family = registry.load(cell.family)
    spec = family.spec_for(dataset, trial.options, 0)
    baseline, candidate = (partial(family.arms[style], spec) for style in (cell.baseline, cell.candidate))
    return compare(
        baseline,
        candidate,
        [input_spec(dataset)],
        names=[f"{cell.family} {style}" for style in (cell.baseline, cell.candidate)],
        levels=(*LEVELS, "distribution") if trial.distribution else LEVELS,
        dtype_policy=cell.dtype_policy,
        time_limit=trial.time_limit,
    )


def input_spec(dataset: Dataset) -> InputSpec:
    """The data's shape and dtype; its range is the vocabulary, or what the training data covers.

    Of several columns, the smallest vocabulary: ids that every column has.
    """
    inputs = dataset.train_inputs
    vocabulary = min(dataset.vocabularies, default=dataset.vocabulary)
    if vocabulary:
        return InputSpec(inputs.shape[1:], str(inputs.dtype), 0, vocabulary - 1)
    return InputSpec(inputs.shape[1:], str(inputs.dtype), float(inputs.min()), float(inputs.max()))
