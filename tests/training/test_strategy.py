import pytest

from pipeline.errors import TrialError
from pipeline.records import Strategy
from pipeline.training import strategy


@pytest.mark.parametrize(
    ("record", "replicas"), [(Strategy(), 1), (Strategy("one_device"), 1), (Strategy("mirrored", 3), 3)]
)
def test_strategy_has_the_replicas_asked_for(record, replicas, profile):
    assert strategy.build(record, profile).num_replicas_in_sync == replicas


def test_too_few_devices_are_refused(profile):
    with pytest.raises(TrialError, match=r"mirrored\(5\) needs 5 cpu devices; this process has 4"):
        strategy.build(Strategy("mirrored", 5), profile)


def test_unknown_strategy_is_refused_with_the_choices(profile):
    with pytest.raises(TrialError, match="these can: default, one_device, mirrored"):
        strategy.build(Strategy("parameter_server"), profile)
