"""The page of a run that has everything: certificates, training, timings."""

import re

import msgspec
import pytest
from golden_run import FUNCTIONAL_TWO, LAMBDA_ONE, LOOKUP_ONE
from html_page import Page
from whole_run import whole_run

from pipeline.analysis import analyse
from pipeline.records import CellCost
from pipeline.report import shown, trials
from pipeline.report.anchors import cell_anchor, trial_anchor
from pipeline.report.cost import NOT_TIMED, cost_rows, family_cost, step_ratio
from pipeline.report.cost_figures import cost_forest
from pipeline.report.html import meaning
from pipeline.report.lifecycle import lifecycle_table
from pipeline.report.timeline import timeline


@pytest.fixture(scope="module")
def run():
    return whole_run()


@pytest.fixture(scope="module")
def summaries(run):
    return {item.cell: item for item in analyse(run)}


@pytest.fixture(scope="module")
def html(run, render_run) -> str:
    return render_run(run)["index.html"].decode()


@pytest.fixture(scope="module")
def page(html) -> Page:
    return Page(html)


def part(html: str, name: str) -> str:
    return re.search(rf'<section id="{name}">.*?\n</section>', html, flags=re.DOTALL).group()


def test_every_link_has_one_target(page):
    ids = page.values("id")
    assert len(ids) == len(set(ids))
    assert {value[1:] for value in page.values("href") if value.startswith("#")} <= set(ids)


def test_a_place_in_the_matrix_links_to_cell_certificate_and_trials(html, summaries):
    lambda_one = summaries[LAMBDA_ONE]
    wanted = [
        cell_anchor(LAMBDA_ONE.label),
        trial_anchor(lambda_one.certificate),
        trial_anchor("projection-lambda-one_device-0"),
    ]
    assert [target for target in wanted if f'href="#{target}"' not in part(html, "matrix")] == []


def test_a_place_in_the_matrix_shows_the_ratio_of_steps(html, summaries):
    assert step_ratio(summaries[LAMBDA_ONE]).startswith("step × 0.93")
    assert step_ratio(summaries[LAMBDA_ONE]) in part(html, "matrix")


def test_a_noisy_ratio_says_so(summaries):
    assert step_ratio(summaries[LOOKUP_ONE]).endswith(", noisy")


def test_the_first_screen_says_what_each_family_costs(html):
    first = html[: html.index("<nav")]
    assert "A training step of lambda takes × 0.93" in first
    assert "functional against class: no usable timing (1 noisy)." in first
    assert NOT_TIMED in first


def test_the_cost_of_several_cells_is_a_range(summaries):
    assert re.match(
        r"A training step of functional takes × 0?\.?\d+ to 1.03 that of class in 2 cells, intervals from",
        family_cost([item for item in summaries.values() if item.cell.family == "projection"]),
    )


def test_cost_rows_have_what_is_furthest_from_one_first_and_noise_last(summaries):
    rows = cost_rows(list(summaries.values()))
    assert [row.verdict for row in rows] == ["measured", "measured", "measured", "noisy"]
    assert rows[0].anchor == cell_anchor(LAMBDA_ONE.label)
    assert rows[1].anchor == cell_anchor(FUNCTIONAL_TWO.label)


def test_a_cell_that_cannot_be_timed_has_a_row_with_its_reason(summaries):
    one = msgspec.structs.replace(summaries[LAMBDA_ONE], cost=CellCost("unsupported", "it takes several machines"))
    (row,) = cost_rows([one])
    assert (row.reason, row.step) == ("it takes several machines", "")


def test_the_cost_forest_tells_every_row_in_words(summaries):
    drawn = cost_forest("f", list(summaries.values()))
    label = re.search(r'aria-label="([^"]*)"', drawn.svg).group(1)
    assert label.count(", measured.") == 3
    assert label.count(", noisy.") == 1


def test_there_is_no_cost_forest_without_timings(golden):
    assert cost_forest("f", analyse(golden)) is None


def test_the_timeline_has_every_worker_and_kind(run):
    drawn = timeline("t", run)
    assert all(kind in drawn.svg for kind in ("certificate", "training", "timing", "example"))
    assert "on 19 workers" in drawn.caption


def test_the_lifecycle_table_counts_outcomes_by_pair_of_styles(run):
    certificates = [item for item in run.evidence if item.trial.id.startswith("certificate")]
    table = lifecycle_table(certificates)
    assert table.pairs == ("functional against class", "lambda against class")
    assert dict(table.rows)["save and load"] == ((("same", len(certificates) - 1),), (("loud", 1),))


def test_a_long_list_of_trials_keeps_what_failed_and_the_first_of_each_cell(run, monkeypatch):
    monkeypatch.setattr(shown, "MOST_TRIALS", 20)
    rows = shown.chosen_trials(run, trials.trial_rows(run))
    assert len(rows) == 20
    assert [row.outcome for row in rows].count("failed") == 1
    assert {cell.label for cell in run.plan.cells} <= {row.label.split(" · seed")[0] for row in rows}


def test_a_page_with_places_for_few_still_has_a_target_for_every_link(run, render_run, monkeypatch):
    for name in ("MOST_TRIALS", "MOST_CERTIFICATES", "MOST_CELLS"):
        monkeypatch.setattr(shown, name, 2)
    page = Page(render_run(run)["index.html"].decode())
    ids = page.values("id")
    assert len(ids) == len(set(ids))
    assert {value[1:] for value in page.values("href") if value.startswith("#")} <= set(ids)


def test_the_page_is_small(html):
    assert len(html.encode()) < 500_000


def test_every_verdict_that_occurs_is_explained_in_the_words_of_the_command(page, summaries):
    for verdict in {item.verdict for item in summaries.values()}:
        assert meaning(verdict) in page.text
