"""Every family takes its spec from data of its kind and trains in every style."""

import dataclasses

import numpy as np
import pytest
from small_arms import IDS, SHAPES

from pipeline import frontend
from pipeline.layers import registry
from pipeline.records import Cell, Dataset, Examples, Profile, Resources, Strategy, Training, TrainTrial
from pipeline.training.run import run, train_arms

PROFILE = Profile(frontend=frontend.NAME, logical_devices=4, threads=1)
ONE_DEVICE, MIRRORED = Strategy("one_device"), Strategy("mirrored", 2)
OPTIONS = {"window": {"patch": 2, "stride": 1}, "quotient_remainder": {"buckets": 4}, "periodic": {"sigma": 0.5}}
ELSEWHERE = ("projection", "lookup", "stateful", "unaggregated")  # trained in tests/training
CANDIDATES = [
    (name, style)
    for name, entry in registry.FAMILIES.items()
    for style in entry.styles
    if name not in ELSEWHERE and style != "class"
]


def data(name):
    """64 examples to train on and 16 held out, of the kind that the family reads; two classes."""
    random = np.random.default_rng(0)
    parts = {
        part: random.integers(0, 9, (80, *shape)).astype("int32")
        if part in IDS
        else random.normal(size=(80, *shape)).astype("float32")
        for part, shape in SHAPES[registry.FAMILIES[name].accepts[0]].items()
    }
    first = next(iter(parts.values()))
    classes = (first.reshape(80, -1)[:, 0] > first.mean()).astype("int32")
    train, test = (
        Examples({part: values[cut] for part, values in parts.items()}, classes[cut])
        for cut in (slice(64), slice(64, None))
    )
    dataset = Dataset("two", "classification", train, test, outputs=2)
    if "ids" in parts:
        return dataclasses.replace(dataset, vocabulary=9)
    return dataclasses.replace(dataset, vocabularies=(9, 11, 10)) if "columns" in parts else dataset


def trial(name, candidate, strategy):
    training = Training(epochs=2, global_batch=16, optimizer="sgd", learning_rate=0.5, steps_per_call=4)
    cell = Cell(name, "class", candidate, "two", strategy, PROFILE.frontend)
    return TrainTrial("t", cell, 3, training, OPTIONS.get(name, {}), PROFILE, Resources())


@pytest.mark.parametrize(("name", "candidate"), CANDIDATES)
def test_arms_end_with_the_same_weights_on_one_device_as_on_two_replicas(name, candidate):
    dataset = data(name)
    alone, mirrored = (train_arms(trial(name, candidate, strategy), dataset) for strategy in (ONE_DEVICE, MIRRORED))
    for arm in (alone[1], *mirrored):
        assert arm.weights.keys() == alone[0].weights.keys()
        for role, weight in arm.weights.items():
            np.testing.assert_allclose(weight, alone[0].weights[role], rtol=1e-4, atol=1e-5, err_msg=role)


def test_weight_map_of_fused_and_separate_tables_names_every_table():
    evidence = run(trial("multi_table", "separate", ONE_DEVICE), data("multi_table"))
    tables = {role.role: (role.baseline, role.candidate) for role in evidence.weight_map}["table"]
    assert tables == ("tables/table", "table_0/embeddings, table_1/embeddings, table_2/embeddings")
