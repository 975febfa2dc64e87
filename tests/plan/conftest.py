"""The config that the tests of plans start from."""

import pytest

from pipeline.config import Experiment
from pipeline.records import Strategy

MARGINS = dict.fromkeys(("accuracy", "rmse", "auc", "average_precision", "forecast_mse"), 0.01)


@pytest.fixture
def config() -> Experiment:
    return Experiment(
        families=["projection", "lookup", "stateful"],
        data=["digits", "ratings", "series"],
        strategies=[Strategy("one_device"), Strategy("mirrored", 2)],
        seeds=[0, 1, 2],
        certify=False,
        margins=MARGINS,
    )
