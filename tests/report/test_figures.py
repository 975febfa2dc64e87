import io
import re

import matplotlib.image
import msgspec
import pytest
from golden_run import LAMBDA_ONE, LOOKUP_ASYNC, LOOKUP_TWO

from pipeline.analysis import analyse
from pipeline.records import TrainEvidence
from pipeline.report.figures import curves, forest


@pytest.fixture(scope="module")
def summaries(golden):
    return {summary.cell: summary for summary in analyse(golden)}


def test_the_forest_tells_every_row_in_words(summaries):
    label = re.search(r'aria-label="([^"]*)"', forest("f", [summaries[LOOKUP_TWO]]).svg).group(1)
    assert "rmse · functional vs class · mirrored(2): +0.0032" in label
    assert "auc · functional vs class · mirrored(2): −2e−4" in label


def test_the_forest_names_the_frontend_only_where_it_varies(summaries):
    one = summaries[LOOKUP_TWO]
    other = msgspec.structs.replace(one, cell=msgspec.structs.replace(one.cell, frontend="tf_keras"))
    assert "tf_keras" in forest("f", [one, other]).svg
    assert "keras" not in forest("f", [one]).svg


def test_the_forest_names_the_loop_only_where_it_varies(summaries):
    one = summaries[LOOKUP_TWO]
    other = msgspec.structs.replace(one, cell=msgspec.structs.replace(one.cell, loop="fit"))
    assert "fit loop" in forest("f", [one, other]).svg
    assert "loop" not in forest("f", [one]).svg


def test_a_long_label_is_broken_and_keeps_all_its_words(summaries):
    one = summaries[LOOKUP_ASYNC]
    drawn = forest("f", [one, msgspec.structs.replace(one, cell=msgspec.structs.replace(one.cell, loop="custom"))])
    lines = [re.sub("<.*?>", "", text) for text in re.findall(r"<text.*?</text>", drawn.svg, flags=re.DOTALL)]
    assert {"rmse · functional vs class · parameter_server(2 + 1 ps, async) ·", "fit loop"} <= set(lines)


def test_there_is_no_forest_without_a_difference(summaries):
    assert forest("f", [msgspec.structs.replace(summaries[LOOKUP_TWO], differences=())]) is None


def test_text_in_a_figure_is_text(summaries):
    assert "accuracy · lambda vs class · one_device</text>" in forest("f", [summaries[LAMBDA_ONE]]).svg


def test_the_same_figure_has_the_same_bytes(summaries):
    assert forest("f", [summaries[LOOKUP_TWO]]).svg == forest("f", [summaries[LOOKUP_TWO]]).svg


def test_two_figures_share_no_id(summaries):
    ids = [set(re.findall(r'id="([^"]*)"', forest(name, [summaries[LOOKUP_TWO]]).svg)) for name in ("f", "g")]
    assert ids[0]
    assert not ids[0] & ids[1]


def test_curves_name_both_arms_and_their_ends(golden):
    found = [item for item in golden.evidence if isinstance(item, TrainEvidence) and item.trial.cell == LAMBDA_ONE]
    drawn = curves("c", "accuracy", found, loss=False)
    assert drawn.caption == "Held-out accuracy by epoch over 5 seeds; mean at the end: class 0.9304 and lambda 0.8796."
    assert "class (baseline)" in drawn.svg
    assert "lambda (candidate)" in drawn.svg


def test_a_long_forest_keeps_the_rows_that_reach_furthest(summaries):
    wide, narrow = summaries[LAMBDA_ONE], summaries[LOOKUP_TWO]
    drawn = forest("f", [*[narrow] * 30, wide])
    assert "the 30 widest of 61 rows" in drawn.caption
    assert "accuracy · lambda vs class" in drawn.svg


def test_a_figure_has_no_id_that_nothing_refers_to(summaries):
    drawn = forest("f", [summaries[LOOKUP_TWO]]).svg
    assert set(re.findall(r'id="([^"]*)"', drawn)) == set(re.findall(r"#([^)\"]*)[)\"]", drawn))


def test_a_row_of_a_forest_adds_no_path_of_its_own(summaries):
    one = summaries[LOOKUP_TWO]
    paths = [forest("f", [one] * rows).svg.count("<path") for rows in (2, 4)]
    assert paths[0] == paths[1]


def test_a_figure_can_be_a_picture_in_the_light_theme(summaries):
    drawing = forest("f", [summaries[LOOKUP_TWO]]).drawing
    before, png = drawing.svg(), drawing.png()

    pixels = matplotlib.image.imread(io.BytesIO(png))
    assert pixels[0, 0].tolist() == [1, 1, 1, 1]
    assert drawing.svg() == before
