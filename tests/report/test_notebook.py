"""What a notebook shows of a certificate and of a run, and `pipeline.Run`."""

from pathlib import Path

import pytest
from certificates import certificate, counterexample, finding
from html_page import Page
from kept_run import keep
from whole_run import whole_run

from pipeline import Run
from pipeline.analysis import analyse
from pipeline.errors import RunDirectoryError
from pipeline.publish import publish_existing

HOSTILE = "<script>alert(1)</script>\x1b[31m"


@pytest.fixture(scope="module")
def record():
    return whole_run()


@pytest.fixture(scope="module")
def folder(record, tmp_path_factory) -> Path:
    return keep(record, tmp_path_factory.mktemp("run") / "here")


def test_a_certificate_shows_verdict_and_counterexample_and_folds_the_rest():
    shown = certificate("different", finding("different", found=counterexample()))._repr_html_()
    visible = shown.split("<details>")[0]
    assert "It is different." in visible
    assert "Counterexample, smallest failing input found" in visible
    assert "[[-1.]]" in visible
    assert "<summary>Checks (1)</summary>" in shown


def test_a_certificate_brings_no_script_no_style_sheet_and_no_request():
    shown = certificate("proven", finding())._repr_html_()
    assert not any(part in shown for part in ("<script", "<style", "http", "src=", 'class="badge'))


@pytest.mark.parametrize("field", ["sentence", "baseline"])
def test_what_user_code_says_stays_text(field):
    shown = certificate("different", finding(), **{field: HOSTILE})._repr_html_()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in shown
    assert "<script>" not in shown
    assert "\x1b" not in shown


def test_the_html_is_well_formed():
    page = Page(certificate("different", finding("different", found=counterexample()))._repr_html_())
    assert (page.open, page.unclosed) == ([], [])


def test_a_run_opened_gives_the_verdicts_of_its_cells(record, folder):
    opened = Run.open(folder)
    assert opened.verdicts == {item.cell.label: item.verdict for item in analyse(record)}


def test_a_run_opened_gives_its_certificates_failures_and_rows(record, folder):
    opened = Run.open(str(folder))
    assert set(opened.certificates) <= {trial.label for trial in record.plan.trials}
    assert len(opened.certificates) > 0
    assert len(opened.failures) == len(record.failures)
    assert {"kind", "trial", "cell"} <= opened.rows()[0].keys()


def test_a_run_has_the_exit_code_and_the_report_of_the_command(folder):
    assert Run.open(folder).report is None
    result = publish_existing(folder)
    opened = Run.open(folder)
    assert (opened.exit_code, str(opened.report)) == (result.exit_code, result.report)


def test_a_run_shows_every_cell_with_its_verdict(folder):
    opened = Run.open(folder)
    shown = opened._repr_html_()
    for label, verdict in opened.verdicts.items():
        assert label in shown
        assert f">{verdict}</td>" in shown


def test_a_run_says_what_it_is_where_there_is_no_html(folder):
    assert repr(Run.open(folder)).startswith(f"Run('{folder}': ")


def test_a_folder_that_is_no_run_is_told(tmp_path):
    with pytest.raises(RunDirectoryError, match="is not a run directory"):
        Run.open(tmp_path)
