"""The data sets there are."""

from collections.abc import Mapping

from pipeline.data import adult, criteo_shaped, fashion_mnist, mnist, movielens, shuttle, spam_assassin, ucr
from pipeline.data.source import Source
from pipeline.errors import DataError
from pipeline.records import DataInfo

CATALOGUE: Mapping[str, Source] = {
    "mnist_5k": mnist.SOURCE,
    "fashion_mnist": fashion_mnist.SOURCE,
    "movielens_100k": movielens.SOURCE,
    **movielens.FOLD_SOURCES,
    "adult": adult.SOURCE,
    "criteo_shaped": criteo_shaped.SOURCE,
    **criteo_shaped.CUT_SOURCES,
    "spam_assassin": spam_assassin.SOURCE,
    "shuttle": shuttle.SOURCE,
    "ucr_anomaly_135": ucr.SOURCE,
}


def find(name: str) -> Source:
    """The data set of that name.  Raises DataError with the choices."""
    if name not in CATALOGUE:
        raise DataError("data", f"unknown data set {name!r}", f"use one of {', '.join(CATALOGUE)}")
    return CATALOGUE[name]


def infos() -> dict[str, DataInfo]:
    """What planning needs to know of every data set, by name."""
    return {name: source.info for name, source in CATALOGUE.items()}
