"""Names and messages that would be more than text, in every form in which a run is shown."""

import csv
import html
import io
import re
import warnings

import msgspec
import pytest
from certificates import certificate
from golden_run import GOLDEN
from pyarrow import parquet

from pipeline import show
from pipeline.analysis import analyse
from pipeline.progress import shown
from pipeline.records import CertifyEvidence, CertifyTrial, Failure, Profile, Resources, Result, Run
from pipeline.tensorboard.texts import certificate_texts, verdict_table

SCRIPT = "<script>alert(1)</script>"
HOSTILE = f"{SCRIPT}\x1b[2J\x1b]0;title\x07|`x`![i](http://x/y)\x9b31m\u202e"
LEFT_OF_IT = "|`x`![i](http://x/y)"


@pytest.fixture(scope="module")
def run() -> Run:
    """The golden run, in which a family, the question, a failure and a certificate are hostile."""
    text = (GOLDEN / "run.json").read_text().replace('"projection"', msgspec.json.encode(HOSTILE).decode())
    made = msgspec.json.decode(text, type=Run)
    trial = made.evidence[0].trial
    worker = made.evidence[0].worker
    arms = CertifyTrial("c" * 16, trial.cell, {}, Profile(), Resources(), 60.0)
    proved = CertifyEvidence(arms, certificate("identical", sentence=f"{HOSTILE}\n~~~~\n{HOSTILE}"), worker)
    failure = Failure(made.plan.trials[0], "user_code", f"=cmd()\n{HOSTILE}", HOSTILE)
    return msgspec.structs.replace(
        made, question=HOSTILE, evidence=(*made.evidence, proved), failures=(*made.failures, failure)
    )


@pytest.fixture(scope="module")
def hostile(run, render_run) -> dict[str, bytes]:
    return render_run(run)


def obeyed(text: str) -> list[str]:
    """What a terminal would obey, line ends and tabs aside."""
    return re.findall(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]", text)


@pytest.mark.parametrize("name", ["index.html", "report.md", "junit.xml", "evidence.csv"])
def test_no_file_of_the_report_has_what_a_terminal_obeys(hostile, name):
    assert obeyed(hostile[name].decode()) == []


def test_the_page_has_the_script_as_text_alone(hostile):
    page = hostile["index.html"].decode()
    assert SCRIPT not in page
    assert page.count("&lt;script&gt;alert(1)") > 5


def test_markdown_has_no_tag_and_no_picture(hostile):
    text = hostile["report.md"].decode()
    assert SCRIPT not in text
    assert re.search(r"(?<!\\)!?\[i\]", text.replace(r"\[", "")) is None
    assert r"\<script\>alert(1)" in text


def test_a_spreadsheet_finds_no_formula(hostile):
    rows = list(csv.reader(io.StringIO(hostile["evidence.csv"].decode())))
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "@", "+"))]
    assert [cell for row in rows for cell in row if cell.startswith("'=cmd()")]


def test_parquet_has_the_text_as_it_is(hostile):
    sentences = parquet.read_table(io.BytesIO(hostile["evidence.parquet"])).column("sentence").to_pylist()
    assert [text for text in sentences if text and text.startswith("=cmd()")]


def test_negative_numbers_stay_numbers(hostile):
    rows = list(csv.DictReader(io.StringIO(hostile["evidence.csv"].decode())))
    assert not [row for row in rows if (row["metric_accuracy"] or "").startswith("'")]


def test_the_terminal_is_told_text_alone(run, capsys):
    show.verdicts(Result(run, analyse(run), 1, HOSTILE))
    written = capsys.readouterr().out
    assert obeyed(written) == []
    assert "<script>" in written


def test_a_failure_is_told_as_text_while_a_run_goes_on(run, capsys):
    with shown(1, show._out()) as display:
        display.ended(run.failures[-1])
    assert obeyed(capsys.readouterr().out) == []


def test_an_error_is_told_as_text(capsys):
    show.error(f"{HOSTILE} \ud800")
    assert obeyed(capsys.readouterr().err) == []


@pytest.fixture(scope="module")
def as_tensorboard_shows():
    """Markdown to the HTML that TensorBoard makes of it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # its own copy of html5lib warns of itself
        from tensorboard.plugin_util import markdown_to_safe_html
    return markdown_to_safe_html


def test_tensorboard_shows_the_verdicts_as_text(run, as_tensorboard_shows):
    page = as_tensorboard_shows(verdict_table(analyse(run)))
    assert not re.search(r"<(script|img|a|code)", page)
    assert f"{SCRIPT}{LEFT_OF_IT}" in html.unescape(page)


def test_tensorboard_shows_a_certificate_as_it_stands(run, as_tensorboard_shows):
    ((_, text),) = certificate_texts(run).items()
    page = as_tensorboard_shows(text)
    assert not re.search(r"<(script|img|a)\b", page)
    assert page.count("<pre>") == page.count("</pre>") == 1
    assert page.rstrip().endswith("</pre>")
