"""The files that TensorBoard's projector reads: one embedding per table, with the rows of both arms."""

import re
from collections.abc import Sequence

import numpy as np
from tensorboard.plugins.projector.metadata import PROJECTOR_FILENAME
from tensorboard.plugins.projector.projector_config_pb2 import ProjectorConfig

from pipeline.data.row_names import row_names
from pipeline.printable import clean
from pipeline.records import TrainTrial
from pipeline.tensorboard.tables import Table


def projector_files(trial: TrainTrial, found: Sequence[Table]) -> dict[str, bytes]:
    """By file name: the vectors, the name and arm of each, and the config that names these files."""
    files: dict[str, bytes] = {}
    config = ProjectorConfig()
    for table in found:
        vectors, names = (f"{re.sub('[^A-Za-z0-9_.-]', '-', table.role)}{end}.tsv" for end in ("", "-names"))
        files |= {vectors: _vectors(table), names: _names(trial, table)}
        config.embeddings.add(tensor_name=table.role, tensor_path=vectors, metadata_path=names)
    return {**files, PROJECTOR_FILENAME: str(config).encode()}


def _vectors(table: Table) -> bytes:
    """Tab-separated values, the baseline's rows first."""
    both_RD = np.concatenate([table.baseline_RD, table.candidate_RD])
    return "".join("\t".join(f"{value:.6g}" for value in row) + "\n" for row in both_RD.tolist()).encode()


def _names(trial: TrainTrial, table: Table) -> bytes:
    shown = row_names(trial.cell.data, table.rows)[: len(table.baseline_RD)]
    rows = [
        (" ".join(clean(name).split()), clean(arm))
        for arm in (trial.cell.baseline, trial.cell.candidate)
        for name in shown
    ]
    return "".join(f"{name}\t{arm}\n" for name, arm in (("name", "arm"), *rows)).encode()
