"""The how-to page: its code runs, its config is one, its table has every data set."""

import re
from pathlib import Path

import pytest

from pipeline.config import load
from pipeline.data.catalogue import CATALOGUE

PAGE = (Path(__file__).parents[2] / "docs" / "how-to" / "data.md").read_text(encoding="utf-8")


def blocks(language):
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


def test_the_pages_code_runs_from_top_to_bottom(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert len(blocks("python")) == 3
    exec("\n".join(blocks("python")), {})


def test_the_pages_config_loads(tmp_path):
    (config,) = blocks("yaml")
    (tmp_path / "mine.yaml").write_text(config, encoding="utf-8")
    assert load(tmp_path / "mine.yaml").own_sources["clicks"].format == "criteo"


@pytest.mark.parametrize("name", [name for name in CATALOGUE if "_fold_" not in name])
def test_the_pages_table_has_the_data_set_with_its_rows(name):
    (row,) = re.findall(rf"^\| `{name}` \|.*", PAGE, re.MULTILINE)
    assert f"| {CATALOGUE[name].rows:,} + " in row
    assert f"| {', '.join(CATALOGUE[name].kinds)} | {CATALOGUE[name].task} |" in row
