import msgspec
import pytest
from golden_run import STATEFUL_ONE, golden_run

from pipeline.records import ExcludedCell, Strategy
from pipeline.report.markdown import escape_markdown


@pytest.mark.parametrize(
    ("text", "escaped"),
    [("a|b", r"a\|b"), ("<b>", r"\<b\>"), ("two\nlines", "two lines"), ("`x` *y*", r"\`x\` \*y\*"), (7, "7")],
)
def test_markup_in_a_name_stays_text(text, escaped):
    assert escape_markdown(text) == escaped


def test_a_long_text_is_cut():
    assert len(escape_markdown("x" * 1000)) == 400


def test_every_row_of_a_table_has_as_many_columns_as_its_head(files):
    rows = [line.replace(r"\|", "") for line in files["report.md"].decode().splitlines()]
    tables = [block.splitlines() for block in "\n".join(rows).split("\n\n") if block.startswith("|")]
    assert len(tables) == 6
    assert [{line.count("|") for line in table} for table in tables] == [{6}, {6}, {9}, {7}, {5}, {4}]


def test_a_run_of_a_thousand_cells_still_fits_a_comment(render_run):
    run = golden_run()
    cell = msgspec.structs.replace(STATEFUL_ONE, dtype_policy="mixed_bfloat16")
    many = tuple(
        ExcludedCell(msgspec.structs.replace(cell, strategy=Strategy("tpu", size)), "infeasible", "x" * 900)
        for size in range(2, 1002)
    )
    plan = msgspec.structs.replace(run.plan, excluded=many)
    text = render_run(msgspec.structs.replace(run, plan=plan))["report.md"].decode()
    assert len(text) < 65_536
    assert "968 more cells" in text


def test_what_is_worst_comes_first(files):
    cells = files["report.md"].decode().split("## Cells")[1].splitlines()
    assert "| different |" in cells[4]
