"""Which builders may be named where someone has set a limit."""

import pytest

from pipeline.allowed import VARIABLE
from pipeline.certify.builders import resolve
from pipeline.errors import BuilderError


@pytest.mark.parametrize("reference", ["os:getcwd", "mine.py:build", "pipeline.certify2.builders:build"])
def test_a_builder_beyond_the_allowed_modules_is_refused_before_it_is_imported(reference, monkeypatch):
    monkeypatch.setenv(VARIABLE, "pipeline.certify")
    with pytest.raises(BuilderError, match=r"baseline: .* is not among the modules that PARITY_ALLOWED_MODULES allows"):
        resolve("baseline", reference)


def test_an_allowed_one_is_found(monkeypatch):
    monkeypatch.setenv(VARIABLE, "elsewhere, pipeline.certify")
    assert callable(resolve("baseline", "pipeline.certify.builders:build"))
