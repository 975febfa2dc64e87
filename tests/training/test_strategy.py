import pytest
import tensorflow as tf

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
    with pytest.raises(TrialError, match="these can: default, one_device, mirrored, multi_worker_mirrored"):
        strategy.build(Strategy("horovod"), profile)


@pytest.mark.parametrize(
    ("ops", "name"),
    [("hierarchical_copy", "HierarchicalCopyAllReduce"), ("reduction_to_one_device", "ReductionToOneDevice")],
)
def test_mirrored_sums_gradients_the_way_asked_for(ops, name, profile):
    over = strategy.build(Strategy("mirrored", 2, cross_device_ops=ops), profile)
    total = over.reduce("sum", over.run(lambda: tf.distribute.get_replica_context().replica_id_in_sync_group), None)
    assert int(total) == 1
    assert type(over.extended._cross_device_ops).__name__ == name  # TensorFlow has no public name for it


def test_tpu_without_a_tpu_is_refused_at_the_resolver(profile):
    with pytest.raises(TrialError, match=r"tpu\(8\): no TPU answers here") as refused:
        strategy.build(Strategy("tpu", 8), profile)
    assert refused.value.category == "infrastructure"


def test_strategy_with_other_replicas_than_asked_for_is_refused(profile):
    with pytest.raises(TrialError, match="default has 1 replicas here, not 2"):
        strategy.build(Strategy("default", 1, workers=2), profile)
