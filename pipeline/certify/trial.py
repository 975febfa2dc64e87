"""One certify trial: the pair of a cell, on inputs such as the cell's data has."""

from functools import partial

from pipeline.certify.comparison import compare
from pipeline.certify.settings import LEVELS, Settings
from pipeline.layers import registry
from pipeline.layers.view import view
from pipeline.records import Certificate, CertifyTrial, Dataset


def certify(trial: CertifyTrial, dataset: Dataset) -> Certificate:
    """Compares the cell's two arms as `parity compare` would, on two replicas too where the trial asks for it."""
    cell, named = trial.cell, trial.reference or trial.cell.family
    family = registry.load(named)
    seen = view(dataset, registry.entry(named).accepts)
    spec = family.spec_for(seen, trial.options, 0)
    baseline, candidate = (partial(family.arms[style], spec) for style in (cell.baseline, cell.candidate))
    return compare(
        baseline,
        candidate,
        seen.specs,
        names=[f"{cell.family} {style}" for style in (cell.baseline, cell.candidate)],
        levels=(*LEVELS, "distribution") if trial.distribution else LEVELS,
        optimizers=tuple(dict.fromkeys((*Settings.optimizers, *filter(None, [trial.optimizer])))),
        dtype_policy=cell.dtype_policy,
        time_limit=trial.time_limit,
    )
