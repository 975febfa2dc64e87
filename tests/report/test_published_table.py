"""The table of published figures: which rows, in which words, and on the command line."""

import msgspec
import pytest

from pipeline import show
from pipeline.analysis import analyse, compare_published
from pipeline.records import Published, Result
from pipeline.report.published import published_rows


@pytest.fixture(scope="module")
def rows(golden):
    return published_rows(compare_published(golden))


def test_each_arm_and_setting_has_a_row(rows):
    where = [row.where for row in rows if row.what == "projection · mnist_5k · accuracy"]
    assert where == [
        "class · one_device · keras · float32",
        "functional · one_device · keras · float32",
        "class · mirrored(2) · keras · float32",
        "functional · mirrored(2) · keras · float32",
        "lambda · one_device · keras · float32",
    ]


def test_a_figure_shows_mean_interval_seeds_and_distance(rows):
    # .931 .928 .934 .930 .929: mean .9304, standard error .00103, t(.975, 4) = 2.776
    assert rows[0].ours == "0.9304 (95 % interval 0.9275 to 0.9333, 5 seeds)"
    assert (rows[0].published, rows[0].difference, rows[0].verdict) == ("0.935 ± 0.005", "−0.0046", "reproduced")


def test_too_few_seeds_show_no_mean(rows):
    row = next(row for row in rows if row.what.startswith("stateful"))
    assert (row.ours, row.difference, row.verdict) == ("4 seeds, too few", "", "not measured")


def test_an_order_names_its_families_from_worst_to_best(rows):
    row = rows[-1]
    assert (row.published, row.ours) == ("worst to best: projection, lookup", "nothing")


def test_the_command_line_shows_every_row_before_the_report(golden, capsys):
    show.verdicts(Result(golden, analyse(golden), 1, "report/index.html", compare_published(golden)))
    lines = [line for line in capsys.readouterr().out.splitlines() if line.startswith("published: ")]
    assert len(lines) == len(published_rows(compare_published(golden)))
    assert lines[0].endswith(
        "0.9304 (95 % interval 0.9275 to 0.9333, 5 seeds) beside 0.935 ± 0.005, −0.0046: reproduced"
    )


def test_a_run_that_names_no_published_figure_has_no_such_section(golden, render_run):
    files = render_run(msgspec.structs.replace(golden, published=Published()))
    assert 'id="published"' not in files["index.html"].decode()
    assert "Beside what others published" not in files["report.md"].decode()
