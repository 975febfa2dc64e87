"""Shuttle: sensor readings of the Space Shuttle, the usual ones and the anomalous.  N readings, F = 9 features.

features_NF float32 -> anomalies_N int32.
"""

from pathlib import Path

import numpy as np

from pipeline.data.download import Download
from pipeline.data.encode import encode
from pipeline.data.learn import Moments, learn
from pipeline.data.readers.registry import open_table
from pipeline.data.source import Source
from pipeline.data.split import fixed_stream, held_out
from pipeline.data.table import Table, concatenate
from pipeline.records import Dataset, Examples

NAME = "shuttle"
MEMBER = "river/datasets/shuttle.csv.gz"
FEATURES = tuple(f"f{i}" for i in range(1, 10))


def prepare(wheel: Path) -> Dataset:
    """A fixed fifth of each class held out; features standardised by the training part.

    Raises DataError where the member is missing or malformed.
    """
    kinds = {**dict.fromkeys(FEATURES, "number"), "anomaly": "truth"}
    readings = concatenate([*open_table(wheel, "csv", member=MEMBER, kinds=kinds, columns=[*kinds])])
    held_out_N = held_out(readings["anomaly"], fixed_stream())
    train = readings.rows(np.flatnonzero(~held_out_N))
    recipe = {"vectors": learn([train], {name: Moments() for name in FEATURES})}

    def examples(chosen: Table) -> Examples:
        return Examples({"vectors": encode(chosen, recipe)["vectors"]}, chosen["anomaly"].astype(np.int32))

    test = readings.rows(np.flatnonzero(held_out_N))
    return Dataset(name=NAME, task="binary", train=examples(train), test=examples(test), outputs=1)


SOURCE = Source(
    name=NAME,
    kinds=("vectors",),
    task="binary",
    rows=39_278,
    licence="BSD-3-Clause (river)",
    citation="Statlog (Shuttle), UCI Machine Learning Repository; anomalies as in Liu, Ting, Zhou (2008), Isolation "
    "Forest, ICDM. Copy: Montiel et al. (2021). River, JMLR 22(110).",
    download=Download(
        client="pip",
        package="river",
        version="0.26.1",
        file="river-0.26.1-cp311-cp311-manylinux_2_28_x86_64.whl",
        sha256="6a11e1a9749beec3ea138efeb0205b2c5cea8d424e9deee306c8980faec01bef",
        size_bytes=2_738_776,
    ),
    members=(MEMBER,),
    preparation=1,
    prepare=prepare,
)
