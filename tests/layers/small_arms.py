"""Every family in a size that a test builds in no time."""

import dataclasses

import numpy as np

from pipeline.layers import registry
from pipeline.layers.family import weights_by_role

KNOWN = {
    "projection": {"features": 5, "units": 4},
    "lookup": {"tokens": 3, "vocabulary": 7, "width": 4},
    "stateful": {"steps": 4, "features": 2, "units": 3},
    "unaggregated": {"steps": 4, "features": 2, "units": 3},
    "bag": {"tokens": 3, "vocabulary": 7, "width": 4},
    "multi_table": {"vocabularies": (7, 9, 8), "width": 4},
    "quotient_remainder": {"tokens": 3, "vocabulary": 7, "buckets": 3, "width": 4},
    "hashed": {"tokens": 3, "hashes": 2, "buckets": 5, "width": 4},
    "factorized": {"tokens": 3, "vocabulary": 7, "rank": 2, "width": 4},
    "periodic": {"features": 5, "frequencies": 3, "width": 2, "sigma": 0.5},
    "piecewise_linear": {"edges": ((-1.0, -0.2, 0.5), (0.0, 0.0, 1.0), (0.0, 1.0, 1.0), (-2.0, 0.0, 2.0), (0, 0, 0))},
    "fourier": {"features": 5, "units": 4},
    "positional": {"tokens": 3, "vocabulary": 7, "width": 4},
    "tied": {"tokens": 3, "vocabulary": 7, "width": 4},
    "window": {"steps": 4, "features": 2, "patch": 2, "stride": 2, "units": 3},
}
WIDTHS = {
    **{name: known.get("units") or known.get("width") for name, known in KNOWN.items()},
    "multi_table": 3 * 4,
    "periodic": 5 * 2,
    "piecewise_linear": 5 * 2,
    "positional": 3 * 4,
    "tied": 7,
    "window": 2 * 3,
}
SHAPES = {"vectors": (5,), "ids": (3,), "columns": (3,), "windows": (4, 2)}


def spec(name, seed=1, **changes):
    kind = registry.load(name).spec
    seeded = {"seed": seed} if "seed" in {field.name for field in dataclasses.fields(kind)} else {}
    return kind(**{**KNOWN[name], **seeded, **changes})


def build(name, style, seed=1, **changes):
    """The model, and its weights by role."""
    family = registry.load(name)
    model = family.arms[style](spec(name, seed, **changes))
    return model, weights_by_role(model, family)


def draw(name, batch=6):
    random, accepts = np.random.default_rng(0), registry.FAMILIES[name].accepts
    shape = (batch, *SHAPES[accepts])
    if accepts in ("ids", "columns"):
        return random.integers(0, 7, shape).astype("int32")
    return random.normal(size=shape).astype("float32")


def outputs(model, inputs, training=False):
    return np.asarray(model(inputs, training=training))


def share(source, target):
    for role in source:
        target[role].assign(source[role])
