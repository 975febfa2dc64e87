import re

import msgspec
import pytest
from golden_run import golden_run
from html_page import Page

from pipeline.analysis import analyse
from pipeline.records import Cell, Plan, Run, Strategy
from pipeline.report.html import question


@pytest.fixture(scope="module")
def html(files) -> str:
    return files["index.html"].decode()


@pytest.fixture(scope="module")
def page(html) -> Page:
    return Page(html)


def test_the_page_makes_no_request(page, html):
    targets = [*page.values("src"), *page.values("srcset"), *page.values("xlink:href")]
    links = [value for value in page.values("href") if not value.startswith("#")]
    assert (targets, links) == ([value for value in targets if value.startswith("#")], ["data:,"])
    assert not re.search(r"@import|url\((?!#)", html)


def test_every_element_is_closed(page):
    assert (page.unclosed, page.open) == ([], [])


def test_every_id_is_unique(page):
    ids = page.values("id")
    assert len(ids) == len(set(ids))


def test_every_link_has_its_target(page):
    assert {value[1:] for value in page.values("href") if value.startswith("#")} <= set(page.values("id"))


def test_every_figure_has_a_text_and_a_caption(page):
    drawings = [attrs for tag, attrs in page.tags if tag == "svg"]
    captions = [tag for tag, _ in page.tags if tag == "figcaption"]
    assert drawings
    assert len(captions) == len(drawings)
    assert all(attrs["role"] == "img" and len(attrs["aria-label"]) > 20 for attrs in drawings)


def test_figures_take_their_colours_from_the_theme(html):
    drawings = re.findall(r"<svg.*?</svg>", html, flags=re.DOTALL)
    assert not [colour for drawing in drawings for colour in re.findall(r":\s*#[0-9a-f]{6}", drawing)]


def test_every_colour_variable_is_defined_in_both_themes(html):
    light, dark = re.findall(r":root \{(.*?)\}", html, flags=re.DOTALL)[:2]
    used = set(re.findall(r"var\(--([a-z]+)\)", html)) - {"tone", "font", "mono"}
    assert used <= set(re.findall(r"--([a-z]+):", light)) & set(re.findall(r"--([a-z]+):", dark))


def test_every_verdict_is_a_word(page, golden):
    for summary in analyse(golden):
        assert summary.verdict in page.text


def test_every_cell_claim_failure_and_data_set_is_shown(page, golden):
    wanted = [
        *(summary.sentence for summary in analyse(golden)),
        *(f"C{number}" for number in range(1, 11)),
        *(failure.message for failure in golden.failures),
        *(item.citation for item in golden.data),
        golden.environment.command,
        golden.environment.git_commit,
        "with uncommitted changes",
        "not tracked",
    ]
    assert [text for text in wanted if text not in page.text] == []


def test_a_page_without_certificates_says_so(page):
    assert "This run has no certificates, so nothing is called proven" in page.text


def hostile(text: str) -> Run:
    """The golden run with a family, a style and a data set of this name."""
    raw = msgspec.json.encode(golden_run()).decode()
    for name in ("lookup", "functional", "movielens_100k"):
        raw = raw.replace(f'"{name}"', msgspec.json.encode(text).decode())
    return msgspec.json.decode(raw, type=Run)


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "$x_1$ & {{ 7 * 7 }}"])
def test_a_hostile_name_stays_text(render_run, text):
    page = Page(render_run(hostile(text))["index.html"].decode())
    assert [tag for tag, _ in page.tags].count("script") == 1
    assert "img" not in [tag for tag, _ in page.tags]
    assert text in page.text


def test_a_run_without_any_evidence_renders(render_run):
    run = golden_run()
    empty = msgspec.structs.replace(run, evidence=(), failures=(), timings=(), data=())
    assert "Nothing was measured" in Page(render_run(empty)["index.html"].decode()).text


def test_a_run_of_examples_only_renders(render_run):
    run = golden_run()
    examples = tuple(item for item in run.evidence if item.trial.id.startswith("stateful_layer"))
    plan = Plan(tuple(item.trial for item in examples), (), (), ())
    alone = msgspec.structs.replace(run, plan=plan, evidence=examples, failures=())
    assert "What becomes of the article's examples?" in Page(render_run(alone)["index.html"].decode()).text


def test_the_question_names_every_style():
    other = Cell("lookup", "class", "lambda", "x", Strategy())
    summaries = [analyse(golden_run())[0]]
    summaries.append(msgspec.structs.replace(summaries[0], cell=other))
    assert question(summaries) == "Are functional and lambda layers the same as class layers?"
