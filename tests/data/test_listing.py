"""What `parity data list` shows."""

import pytest

from pipeline.data.catalogue import CATALOGUE
from pipeline.data.listing import listing


@pytest.mark.usefixtures("cache")
def test_every_data_set_is_listed_with_its_licence_and_size():
    assert [row.name for row in listing()] == list(CATALOGUE)
    assert all(row.licence and (row.size_bytes or row.state == "generated") for row in listing())


def test_the_state_is_that_of_the_cache(cache):
    assert {row.state for row in listing() if row.size_bytes} == {"missing"}
    cache.mkdir()
    (cache / CATALOGUE["mnist_5k"].download.file).write_bytes(b"damaged")
    assert {row.name: row.state for row in listing()}["mnist_5k"] == "corrupt"
