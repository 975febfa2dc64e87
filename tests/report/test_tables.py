from golden_run import golden_run

from pipeline.analysis import analyse
from pipeline.report import tables


def test_the_grid_has_a_place_for_every_cell(golden):
    settings, rows = tables.grid(analyse(golden))
    placed = [summary for row in rows for summary in row.summaries if summary]
    assert len(placed) == len(golden.plan.cells) + len(golden.plan.excluded)
    assert {len(row.summaries) for row in rows} == {len(settings)}


def test_each_pair_has_one_weight_table(golden):
    assert [table.title for table in tables.weight_tables(golden)] == [
        "projection: functional vs class",
        "projection: lambda vs class",
        "lookup: functional vs class",
        "stateful: functional vs class",
    ]


def test_stages_come_in_the_order_of_the_longest_example():
    examples = tables.example_rows(golden_run())
    assert tables.stage_names(examples) == ("build", "fit", "predict", "save", "load")
