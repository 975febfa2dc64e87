"""The input benchmark measures what it says: every way of ours reads every row, and intervals are those of order."""

import pytest

from benchmarks.input_pipeline import interval, measure
from benchmarks.input_readers import OURS, READERS, STREAMS
from pipeline.data.generate import Clicks, write_clicks


@pytest.fixture
def clicks(tmp_path):
    path = tmp_path / "clicks.tsv"
    write_clicks(Clicks(), path, 2_000)
    return path


@pytest.mark.parametrize("name", [OURS, *STREAMS])
def test_each_of_our_ways_reads_every_row(name, clicks):
    assert {**READERS, **STREAMS}[name](clicks) == 2_000


def test_a_measurement_has_its_rows_and_a_process_of_its_own(clicks):
    measured = measure(OURS, clicks)
    assert measured.rows == 2_000
    assert measured.speed > 0
    assert measured.peak_mib > 50  # a Python with numpy and Arrow


def test_of_six_rounds_the_interval_is_the_lowest_and_the_highest():
    # Each misses the median with probability 2^-6: together 97 % of intervals hold it.
    assert interval([3.0, 1.0, 2.0, 6.0, 5.0, 4.0]) == "3.50 [1.00, 6.00]"
