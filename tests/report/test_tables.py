from golden_run import golden_run

from pipeline.analysis import analyse
from pipeline.report import tables


def test_the_grid_has_a_place_for_every_cell(golden):
    grid = tables.grid(analyse(golden))
    placed = [summary for _, summaries in grid.rows for summary in summaries if summary]
    assert len(placed) == len(golden.plan.cells) + len(golden.plan.excluded)
    assert {len(summaries) for _, summaries in grid.rows} == {len(grid.columns)}


def test_the_longer_list_of_the_grid_runs_down(golden):
    summaries = analyse(golden)
    few = [item for item in summaries if item.cell.strategy.name == "one_device"]
    assert (tables.grid(summaries).what, tables.grid(few).what) == ("Setting", "Pair")


def test_a_grid_of_nothing_is_empty():
    assert tables.grid([]).rows == ()


def test_each_pair_has_one_weight_table(golden):
    assert [table.title for table in tables.weight_tables(golden)] == [
        "projection: functional vs class",
        "projection: lambda vs class",
        "lookup: functional vs class",
        "stateful: functional vs class",
    ]


def test_stages_come_in_the_order_of_the_longest_example():
    examples = tables.example_rows(golden_run())
    assert tables.stage_names(examples) == ("build", "fit", "predict", "save", "load", "track", "train")
