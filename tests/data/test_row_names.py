from types import SimpleNamespace

import numpy as np
import pytest

from pipeline.data import row_names as module
from pipeline.data.row_names import row_names


@pytest.fixture
def films(monkeypatch):
    """Three films in a file of their own, not in the order of their ids."""
    table = [("10", "Heat", "1995", "Action"), ("2", "GoldenEye", "1995", "Action"), ("1", "Toy Story", "1995", "")]
    monkeypatch.setattr(module, "USERS", 2)
    monkeypatch.setattr(module, "read_table", lambda *_, **__: np.array(table))
    monkeypatch.setattr(module, "verify", lambda _: SimpleNamespace(state="ok", path="wheel"))


@pytest.mark.usefixtures("films")
def test_rows_of_movielens_are_users_then_films_by_id():
    assert row_names("movielens_100k_fold_2", 5) == ["user 1", "user 2", "Toy Story", "GoldenEye", "Heat"]


@pytest.mark.usefixtures("films")
def test_table_of_films_alone_has_titles():
    assert row_names("movielens_100k", 3) == ["Toy Story", "GoldenEye", "Heat"]


@pytest.mark.usefixtures("films")
def test_table_of_another_size_has_numbers():
    assert row_names("movielens_100k", 4) == ["0", "1", "2", "3"]


def test_other_data_have_numbers():
    assert row_names("mnist_5k", 10) == [str(digit) for digit in range(10)]
