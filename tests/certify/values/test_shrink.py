import numpy as np

from pipeline.certify.values.shrink import shrink


def test_a_failing_batch_shrinks_to_the_one_element_that_matters():
    batch = np.arange(1.0, 13.0).reshape(3, 4)
    (smaller,), ended = shrink([batch], [0.0], lambda arrays: bool((arrays[0] == 7.0).any()))
    np.testing.assert_array_equal(smaller, [[0.0, 0.0, 7.0, 0.0]])
    assert ended


def test_rows_that_only_fail_together_stay_together():
    batch = np.array([[1.0], [2.0], [3.0], [4.0]])
    (smaller,), _ = shrink([batch], [0.0], lambda arrays: {1.0, 2.0} <= set(arrays[0].ravel()))
    np.testing.assert_array_equal(smaller, [[1.0], [2.0]])


def test_a_shrink_that_runs_out_of_tries_says_so():
    batch = np.arange(1.0, 65.0).reshape(1, 64)
    _, ended = shrink([batch], [0.0], lambda arrays: arrays[0].all(), tries=3)
    assert not ended
