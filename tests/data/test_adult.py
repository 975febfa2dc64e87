"""Adult: hand-made people, then the real ones."""

import io

import numpy as np
import pyarrow as pa
import pyarrow.parquet
import pytest

from pipeline.data import adult
from pipeline.errors import DataError


def parquet(**changed):
    """Four people, the first of whom is held out."""
    columns = {name: [30, 40, 50, 60] for name in adult.NUMBERS}
    columns |= {name: ["a", "b", "b", "?"] for name in adult.COLUMNS} | {"income": ["<=50K", ">50K", "<=50K", ">50K"]}
    file = io.BytesIO()
    pyarrow.parquet.write_table(pa.table(columns | changed), file, compression="brotli")
    return file.getvalue()


@pytest.fixture
def prepared(make_wheel, monkeypatch):
    monkeypatch.setattr(adult, "TEST_ROWS", 1)

    def prepare(content):
        return adult.prepare(make_wheel({adult.MEMBER: content}))

    return prepare


def test_the_first_rows_are_the_test_set(prepared):
    dataset = prepared(parquet())
    assert (dataset.test.targets.tolist(), dataset.train.targets.tolist()) == ([0], [1, 0, 1])


def test_what_is_unknown_or_unseen_in_training_has_id_0(prepared):
    dataset = prepared(parquet())
    # Training has b, b, ?; the test row's a is never seen there.
    assert dataset.train.parts["columns"][:, 0].tolist() == [1, 1, 0]
    assert dataset.test.parts["columns"][:, 0].tolist() == [0]
    assert dataset.vocabularies == (2,) * 8


def test_numbers_are_ranked_among_the_training_rows(prepared):
    # 40, 50, 60: the middle one is the median; 30 lies below them all.
    dataset = prepared(parquet())
    assert dataset.train.parts["vectors"][1] == pytest.approx(0.0, abs=0.01)
    assert (dataset.test.parts["vectors"] < -5).all()


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"age": ["x"] * 4}, "column age is not numbers"),
        ({"race": [1, 2, 3, 4]}, "column race is not text"),
        ({"income": ["<=50K", ">50K", "50K", ">50K"]}, "income '50K' in row 2 is neither <=50K nor >50K"),
    ],
)
def test_another_content_is_refused(prepared, changed, fault):
    with pytest.raises(DataError, match=rf"adult\.parquet\.brotli: {fault}; delete the wheel"):
        prepared(parquet(**changed))


def test_a_missing_column_is_named(prepared):
    file = io.BytesIO()
    pyarrow.parquet.write_table(pa.table({"age": [1]}), file)
    with pytest.raises(DataError, match="has no column 'capital-gain'"):
        prepared(file.getvalue())


def test_a_damaged_member_is_refused(prepared):
    with pytest.raises(DataError, match="is not parquet or is damaged"):
        prepared(parquet()[:-20])


def test_a_table_with_test_rows_alone_is_refused(prepared, monkeypatch):
    monkeypatch.setattr(adult, "TEST_ROWS", 4)
    with pytest.raises(DataError, match="4 rows, of which 4 are to be held out"):
        prepared(parquet())


def test_real_people_have_the_official_split_and_share_above(loaded):
    # UCI's adult.names: 16,281 test rows; above 50K are 23.62 % of them, and 24.08 % of the training rows.
    assert (len(loaded("adult").train), len(loaded("adult").test)) == (32_561, 16_281)
    assert (round(loaded("adult").train.targets.mean(), 4), round(loaded("adult").test.targets.mean(), 4)) == (
        0.2408,
        0.2362,
    )


def test_real_columns_have_the_published_numbers_of_values(loaded):
    # Without `?`, and with id 0 for it.
    assert loaded("adult").vocabularies == (9, 17, 8, 15, 7, 6, 3, 42)
    np.testing.assert_array_equal(loaded("adult").train.parts["columns"].max(axis=0) + 1, loaded("adult").vocabularies)


def test_real_numbers_are_about_standard_normal_where_values_are_many(loaded):
    weights = loaded("adult").train.parts["vectors"][:, adult.NUMBERS.index("fnlwgt")]
    assert (weights.mean(), weights.std()) == (pytest.approx(0, abs=0.01), pytest.approx(1, abs=0.02))
