import dataclasses
import re
import subprocess
import sys
from pathlib import Path
from typing import get_args

import pytest

from pipeline.errors import ConfigError
from pipeline.layers import registry


def test_catalogue_lists_every_family_with_its_styles_and_a_digest():
    catalogue = registry.catalogue()
    assert {name: (info.accepts, info.styles) for name, info in catalogue.items()} == {
        "projection": (("vectors",), ("class", "functional", "lambda")),
        "lookup": (("ids",), ("class", "functional")),
        "stateful": (("windows",), ("class", "functional")),
        "unaggregated": (("windows",), ("class", "functional")),
        "bag": (("bags", "ids"), ("class", "functional")),
        "multi_table": (("columns",), ("class", "functional", "separate")),
        "quotient_remainder": (("ids",), ("class", "functional")),
        "hashed": (("ids",), ("class", "functional")),
        "factorized": (("ids",), ("class", "functional")),
        "plain": (("vectors",), ("class", "functional")),
        "linear": (("vectors",), ("class", "functional")),
        "periodic": (("vectors",), ("class", "functional")),
        "piecewise_linear": (("vectors",), ("class", "functional")),
        "fourier": (("vectors",), ("class", "functional")),
        "positional": (("ids",), ("class", "functional")),
        "tied": (("ids",), ("class", "functional")),
        "window": (("windows",), ("class", "functional")),
    }
    assert {len(info.source) for info in catalogue.values()} == {64}


def test_catalogue_agrees_with_the_families_themselves():
    for name, info in registry.catalogue().items():
        family = registry.load(name)
        assert (family.name, tuple(family.arms)) == (name, info.styles)


def test_digest_follows_every_file_of_a_family_and_what_it_accepts(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "digested_a.py").write_text("a = 1\n")
    (tmp_path / "digested_b.py").write_text("b = 1\n")
    entry = registry.Entry(("digested_a", "digested_b"), ("ids",), ("class",))
    before = entry.info("mine").source
    assert dataclasses.replace(entry, accepts=("ids", "bags")).info("mine").source != before
    (tmp_path / "digested_b.py").write_text("b = 2\n")
    assert entry.info("mine").source != before


def test_unknown_family_is_refused_with_the_choices():
    with pytest.raises(ConfigError, match="unknown family 'lokup'; use one of projection, lookup, stateful"):
        registry.load("lokup")


def test_catalogue_does_not_import_tensorflow():
    code = "import sys; from pipeline.layers.registry import catalogue; catalogue(); print('tensorflow' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


@pytest.mark.parametrize("name", registry.FAMILIES)
def test_the_options_that_planning_knows_are_those_that_the_spec_takes(name):
    spec = registry.load(name).spec
    from_data = {"features", "vocabulary", "vocabularies", "tokens", "steps", "edges", "seed", "weighted"}
    fields = {field.name: field.type for field in dataclasses.fields(spec) if field.name not in from_data}
    entry = registry.FAMILIES[name]
    assert set(entry.options) == set(fields)
    assert entry.words == {name: get_args(kind) for name, kind in fields.items() if get_args(kind)}
    assert set(entry.fractions) == {name for name, kind in fields.items() if kind is float}


@pytest.mark.parametrize("name", registry.FAMILIES)
def test_digest_covers_every_file_that_the_family_imports_from_its_folder(name):
    modules = {module.removeprefix(".") for module in registry.FAMILIES[name].modules}
    folder = Path(registry.__file__).parent
    code = "".join((folder / f"{module}.py").read_text() for module in modules)
    imported = set(re.findall(r"from pipeline\.layers\.(\w+) import", code))
    assert imported - {"family", "view"} <= modules
