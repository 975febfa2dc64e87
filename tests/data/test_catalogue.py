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
from pipeline.errors import DataError
from pipeline.records import KIND_PARTS

# What `prepare` makes of the real wheels, per preparation version.  Where this fails without a raised `preparation`,
# results of the old and the new arrays would be taken for the same.
DIGESTS = {
    ("mnist_5k", 1): "288ff76ff7887beb28f39f8594dc5b86da8cc31050e52c26ddd5f26d1f8ee60f",
    ("fashion_mnist", 1): "891e6a05e72a1889f530913c51b72e7edda7e3f7d62450d79cf73b12fb42bc1f",
    ("movielens_100k", 2): "db89d1280f45ec244c40aaf4c1fee1505d0f507901a747fff875b3b314b0d16e",
    ("movielens_100k_fold_1", 2): "6b3dac03a75ee6ea7895ea5a2b3789f27a7e8b07a9ed11aaed5f735b983ad7e5",
    ("movielens_100k_fold_2", 2): "57739b9912edac0b7bffa2a49ab6d408f4e25ace1b215ad722f2b14f912091cf",
    ("movielens_100k_fold_3", 2): "7bd56ac2e9044f3400f50dbfc489d1c7147cda723ed9cc7970229f5d37f5d040",
    ("movielens_100k_fold_4", 2): "653aa843185ad6723f3e2f04de5e9a075b926b48a21604963da93aed0622c675",
    ("movielens_100k_fold_5", 2): "db89d1280f45ec244c40aaf4c1fee1505d0f507901a747fff875b3b314b0d16e",
    ("adult", 1): "d186314f077363a71cdb054f4cf44078fcb2532492527c9f372b56412e4ff129",
    ("criteo_shaped", 1): "a8e3de2ca57abce5d0cc4cdaa98652110698be1028673291bc4a576b2db970dc",
    ("criteo_shaped_1k", 1): "85d5e015c525ac15263a5c3b30b78eec037781fb0d25b1215b7be54a68da65a0",
    ("criteo_shaped_10k", 1): "103cf2c69588ca7adde8253f0311de96f3600ba9b30f97dee4b50b1528f3704e",
    ("criteo_shaped_100k", 1): "cbc62969c7d31227b3a4e833afa01c9bbb760c6d9915d6fb3ea1aa090e616c76",
    ("spam_assassin", 1): "c645351ec31acd72edae0dbf98a8a2d048492b8f2c081fc16cdc80894349f5d3",
    ("shuttle", 1): "8e2eab44fd7bbb119efcb4a0bf17286e4f5f157dc942eee935fa4d76979b7909",
    ("ucr_anomaly_135", 1): "515840de05795e6614d3098e3b29231b866bbc60a0f2b1a529996cbc7cd5eced",
}


def digest(dataset):
    hasher = hashlib.sha256()
    for examples in (dataset.train, dataset.test):
        for name, value in {**examples.parts, "targets": examples.targets, "labels": examples.labels}.items():
            if value is not None:
                hasher.update(f"{name} {value.dtype} {value.shape}".encode() + np.ascontiguousarray(value).tobytes())
    return hasher.hexdigest()


@pytest.mark.parametrize("name", CATALOGUE)
def test_an_entry_goes_by_its_own_name(name):
    assert CATALOGUE[name].name == infos()[name].name == name


@pytest.mark.parametrize("name", CATALOGUE)
def test_an_entry_states_the_rows_task_and_kinds_of_its_arrays(name, loaded):
    source, dataset = CATALOGUE[name], loaded(name)
    assert (source.rows, source.task) == (len(dataset.train), dataset.task)
    parts = [part for kind in source.kinds for part in KIND_PARTS[kind]]
    for examples in (dataset.train, dataset.test):
        assert list(examples.parts) == parts
        assert {len(values) for values in examples.parts.values()} == {len(examples)}


@pytest.mark.parametrize("name", CATALOGUE)
def test_an_entry_states_the_size_of_its_download(name):
    download, path = CATALOGUE[name].download, fetch(name)
    assert (path and path.stat().st_size) == (download and download.size_bytes)


@pytest.mark.parametrize("name", CATALOGUE)
def test_prepared_arrays_are_those_of_the_stated_preparation(name, loaded):
    assert digest(loaded(name)) == DIGESTS[name, CATALOGUE[name].preparation]


OTHER = dataclasses.replace(CATALOGUE["mnist_5k"].download, sha256="0" * 64)


@pytest.mark.parametrize(
    "change",
    [{"download": OTHER}, {"members": ("other.csv",)}, {"preparation": 2}],
    ids=lambda change: next(iter(change)),
)
def test_the_fingerprint_changes_with_the(change):
    source = CATALOGUE["mnist_5k"]
    assert dataclasses.replace(source, **change).fingerprint != source.fingerprint


def test_the_fingerprint_does_not_change_with_the_wording():
    source = CATALOGUE["mnist_5k"]
    assert dataclasses.replace(source, citation="other").fingerprint == source.fingerprint


def test_an_unknown_name_is_refused_with_the_choices():
    with pytest.raises(DataError, match="unknown data set 'minst'; use one of mnist_5k, fashion_mnist, movielens_100k"):
        find("minst")


def test_loading_data_imports_neither_tensorflow_nor_ray():
    program = (
        "import json, sys; from pipeline.data import listing, load; load.load('ucr_anomaly_135');"
        "print(json.dumps(sorted(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert not {"tensorflow", "keras", "tf_keras", "ray"} & set(json.loads(done.stdout))
