"""Options of families that are words or fractions."""

import msgspec
import pytest

from pipeline.config import Experiment
from pipeline.errors import ConfigError
from pipeline.plan.cells import cells
from pipeline.records import FamilyInfo

BAG = FamilyInfo(
    "bag", ("ids",), ("class", "functional"), "b1", ("combiner", "sigma"), {"combiner": ("sum", "mean")}, ("sigma",)
)


def planned(inventory, **options):
    experiment = Experiment(name="mine", families=["bag"], data=["ratings"], options={"bag": options})
    return cells(experiment, msgspec.structs.replace(inventory, families={"bag": BAG}))


@pytest.mark.parametrize("options", [{"combiner": "sum"}, {"sigma": 0.5}, {"sigma": 2}])
def test_word_and_fraction_are_planned(inventory, options):
    assert planned(inventory, **options)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"combiner": "max"}, "options.bag.combiner: unknown 'max'; use one of sum, mean"),
        ({"combiner": 1}, "options.bag.combiner: unknown 1; use one of sum, mean"),
        ({"sigma": 0}, "options.bag.sigma=0; give a number above 0"),
        ({"sigma": "wide"}, "options.bag.sigma='wide'; give a number above 0"),
    ],
)
def test_option_that_does_not_fit_is_refused(inventory, options, message):
    with pytest.raises(ConfigError, match=message):
        planned(inventory, **options)
