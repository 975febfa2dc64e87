"""The refactoring, guarded in a pytest suite: run `pytest examples`."""

import pytest
import refactor
from refactor import class_block, functional_block

from pipeline import InputSpec
from pipeline.testing import assert_layers_equivalent

IDS = [InputSpec(shape=(20,), dtype="int32", low=0, high=999)]


def test_the_functional_block_is_the_class_block():
    assert_layers_equivalent(class_block, functional_block, IDS)


def test_the_hasty_block_is_another_layer():
    with pytest.raises(AssertionError, match="Different at level values"):
        assert_layers_equivalent(class_block, refactor.hasty_block, IDS)
