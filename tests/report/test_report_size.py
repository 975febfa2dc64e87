import importlib.util
from pathlib import Path

import pytest
from html_page import Page

from pipeline.publish import publish_existing

MODULE = Path(__file__).parents[2] / "benchmarks" / "report_size.py"


@pytest.fixture(scope="module")
def size():
    spec = importlib.util.spec_from_file_location("report_size", MODULE)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_a_run_of_ten_thousand_records_has_as_many(size):
    assert len({trial.id for trial in size.trials(10_000)}) == 10_000


def test_a_synthetic_run_renders_whole(size, tmp_path):
    size.write(tmp_path / "run", 330)
    publish_existing(tmp_path / "run")
    page = Page((tmp_path / "run" / "report" / "index.html").read_text(encoding="utf-8"))
    ids = page.values("id")
    assert len(ids) == len(set(ids))
    assert {value[1:] for value in page.values("href") if value.startswith("#")} <= set(ids)
    assert (page.unclosed, page.open) == ([], [])
