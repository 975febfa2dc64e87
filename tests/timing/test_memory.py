"""Peak memory, of this very process."""

import numpy as np

from pipeline.timing.memory import watch

MEBIBYTE = 2**20


def test_memory_that_is_freed_again_counts():
    peak = watch("cpu", 0)
    block = np.ones(100 * MEBIBYTE, np.uint8)
    del block
    assert 95 * MEBIBYTE < peak() < 130 * MEBIBYTE


def test_an_earlier_peak_does_not_count():
    block = np.ones(100 * MEBIBYTE, np.uint8)
    del block
    assert watch("cpu", 0)() < 30 * MEBIBYTE


def test_only_the_first_arm_of_a_process_is_told():
    assert watch("cpu", 1)() is None
