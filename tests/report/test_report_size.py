from html_page import Page

from benchmarks.report_size import write
from benchmarks.synthetic_evidence import trials
from pipeline.publish import publish_existing


def test_a_run_of_ten_thousand_records_has_as_many():
    assert len({trial.id for trial in trials(10_000)}) == 10_000


def test_a_synthetic_run_renders_whole(tmp_path):
    write(tmp_path / "run", 330)
    publish_existing(tmp_path / "run")
    page = Page((tmp_path / "run" / "report" / "index.html").read_text(encoding="utf-8"))
    ids = page.values("id")
    assert len(ids) == len(set(ids))
    assert {value[1:] for value in page.values("href") if value.startswith("#")} <= set(ids)
    assert (page.unclosed, page.open) == ([], [])
