"""Fashion-MNIST: 70,000 pictures of clothes.  N examples, P = 784 pixels.

pixels_NP float32 in 0..1 -> labels_N int32 in 0..9.
"""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from pipeline.data.download import Download
from pipeline.data.readers.registry import open_table
from pipeline.data.source import Source
from pipeline.data.table import Array, concatenate
from pipeline.errors import DataError
from pipeline.records import Dataset, Examples

NAME = "fashion_mnist"
FOLDER = "usr/share/datasets/fashion-mnist"
PARTS = ("train", "t10k")
PIXELS, CLASSES = (28, 28), 10


def prepare(package: Path) -> Dataset:
    """The official split in the files' order.  Raises DataError: dpkg-deb is missing, or the package is malformed."""
    with _unpacked(package) as folder:
        train, test = (_examples(folder, part, package) for part in PARTS)
    return Dataset(name=NAME, task="classification", train=train, test=test, outputs=CLASSES)


def _examples(folder: Path, part: str, package: Path) -> Examples:
    pixels = _values(folder, f"{FOLDER}/{part}-images-idx3-ubyte.gz", package)
    labels_N = _values(folder, f"{FOLDER}/{part}-labels-idx1-ubyte.gz", package)
    if pixels.shape != (len(labels_N), *PIXELS) or labels_N.shape != (len(pixels),) or labels_N.max() >= CLASSES:
        what = f"{part}: pictures {pixels.shape} and labels {labels_N.shape} up to {labels_N.max()} don't go together"
        raise _damaged(package, what)
    vectors_NP = pixels.reshape(len(pixels), -1).astype(np.float32) / np.float32(255)
    return Examples({"vectors": vectors_NP}, labels_N.astype(np.int32))


def _values(folder: Path, member: str, package: Path) -> Array:
    try:
        values: Array = concatenate([*open_table(folder / member, "idx")])["values"]
    except DataError as error:
        raise _damaged(package, f"{member} {error.what}") from None
    return values


@contextmanager
def _unpacked(package: Path) -> Iterator[Path]:
    """What the package would install, in a temporary folder.  None of its scripts runs."""
    with TemporaryDirectory() as folder:
        try:
            subprocess.run(  # noqa: S603
                ["dpkg-deb", "--extract", str(package), folder],  # noqa: S607 — found on PATH by design
                check=True,
                capture_output=True,
            )
        except FileNotFoundError:
            remedy = "install the package dpkg, which unpacks it"
            raise DataError(str(package), "can't be unpacked: dpkg-deb is not on this machine", remedy) from None
        except subprocess.CalledProcessError as error:
            raise _damaged(package, f"is no Debian package ({error.stderr.decode().strip()})") from None
        yield Path(folder)


def _damaged(package: Path, what: str) -> DataError:
    return DataError(str(package), what, f"delete it and fetch it again with `parity data fetch {NAME}`")


SOURCE = Source(
    name=NAME,
    kinds=("vectors",),
    task="classification",
    rows=60_000,
    licence="MIT",
    citation="Xiao, Rasul, Vollgraf (2017). Fashion-MNIST: a Novel Image Dataset for Benchmarking Machine Learning "
    "Algorithms. arXiv:1708.07747.",
    download=Download(
        client="apt-get",
        package="dataset-fashion-mnist",
        version="0.0~git20200523.55506a9-1",
        file="dataset-fashion-mnist_0.0~git20200523.55506a9-1_all.deb",
        sha256="39e172fe32dd318ebb3e512220c3beea2fa47d7e20bab348fb4e0922d6beefc0",
        size_bytes=30_900_652,
    ),
    members=tuple(f"{FOLDER}/{part}-{what}" for part in PARTS for what in ("images", "labels")),
    preparation=1,
    prepare=prepare,
)
