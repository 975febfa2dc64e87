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
    "bag": {"tokens": 3, "vocabulary": 7, "weighted": True, "width": 4},
    "multi_table": {"vocabularies": (7, 9, 8), "width": 4},
    "quotient_remainder": {"tokens": 3, "vocabulary": 7, "buckets": 3, "width": 4},
    "hashed": {"tokens": 3, "hashes": 2, "buckets": 5, "width": 4},
    "factorized": {"tokens": 3, "vocabulary": 7, "rank": 2, "width": 4},
    "plain": {"features": 5},
    "linear": {"features": 5, "width": 2},
    "periodic": {"features": 5, "frequencies": 3, "width": 2, "sigma": 0.5},
    "piecewise_linear": {
        "edges": ((-1.0, -0.2, 0.5), (0.0, 0.0, 1.0), (0.0, 1.0, 1.0), (-2.0, 0.0, 2.0), (0, 0, 0)),
        "width": 2,
    },
    "fourier": {"features": 5, "units": 4},
    "positional": {"tokens": 3, "vocabulary": 7, "width": 4},
    "tied": {"tokens": 3, "vocabulary": 7, "width": 4},
    "window": {"steps": 4, "features": 2, "patch": 2, "stride": 2, "units": 3},
}
WIDTHS = {
    **{name: known.get("units") or known.get("width") for name, known in KNOWN.items()},
    "multi_table": 3 * 4,
    "plain": 5,
    "linear": 5 * 2,
    "periodic": 5 * 2,
    "piecewise_linear": 5 * 2,
    "positional": 3 * 4,
    "tied": 7,
    "window": 2 * 3,
}
# Of each kind: the parts, an example's shape of each.
SHAPES = {
    "vectors": {"vectors": (5,)},
    "ids": {"ids": (3,)},
    "bags": {"ids": (3,), "weights": (3,)},
    "columns": {"columns": (3,)},
    "windows": {"windows": (4, 2)},
}
IDS = ("ids", "columns")


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
    """What the model takes: an array, or one for each of its inputs."""
    random = np.random.default_rng(0)
    drawn = [
        random.integers(0, 7, (batch, *shape)).astype("int32")
        if part in IDS
        else random.normal(size=(batch, *shape)).astype("float32")
        for part, shape in SHAPES[registry.FAMILIES[name].accepts[0]].items()
    ]
    return drawn if len(drawn) > 1 else drawn[0]


def outputs(model, inputs, training=False):
    return np.asarray(model(inputs, training=training))


def share(source, target):
    for role in source:
        target[role].assign(source[role])
