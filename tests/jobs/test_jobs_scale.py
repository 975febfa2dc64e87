"""What a run needs of a cluster that can grow."""

import argparse

import pytest

from jobs import scale


def test_needs_are_read_from_an_argument():
    assert scale.needs("CPU=8, GPU=0.5") == {"CPU": 8.0, "GPU": 0.5}


@pytest.mark.parametrize("text", ["", "CPU", "CPU=x", "CPU=1=2"])
def test_an_argument_that_makes_no_sense_is_refused(text):
    with pytest.raises(argparse.ArgumentTypeError, match="is not of the form CPU=8,GPU=1"):
        scale.needs(text)


@pytest.mark.parametrize(
    ("wanted", "lacking"),
    [
        ([{"CPU": 2}], {}),
        ([{"GPU": 1}, {"GPU": 1}], {"GPU": 1}),
        ([{"CPU": 2, "GPU": 1}, {"CPU": 2}], {}),
        ([{"CPU": 3}], {"CPU": 3}),
        ([{"TPU": 1}], {"TPU": 1}),
    ],
)
def test_each_needs_a_place_of_its_own_on_one_node(wanted, lacking):
    assert scale.lacks(wanted, [{"CPU": 2}, {"CPU": 2, "GPU": 1}]) == lacking


def test_without_needs_no_cluster_is_asked():
    with scale.scaled([]):
        pass
