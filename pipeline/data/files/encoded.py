"""A user's files as a data set: encoded into the cache once, mapped into memory from then on."""

import hashlib
import json
import os
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, closing
from dataclasses import asdict
from pathlib import Path
from typing import cast, get_args

import msgspec
import numpy as np

from pipeline.data.cache import cache_directory, written_into
from pipeline.data.files.digest import content_digest
from pipeline.data.files.examples import Flags, examples
from pipeline.data.files.npy import NpyWriter
from pipeline.data.files.pieces import pieces
from pipeline.data.files.recipe import Recipe, learnt
from pipeline.data.table import Array
from pipeline.errors import DataError
from pipeline.records import DataInfo, DataKind, Dataset, Examples, FileSource, Part, Record, Task

PREPARATION = 1  # raise it whenever the arrays of the same files change
ABOUT = "about.json"
SPLITS = ("train", "test")


class About(Record, frozen=True):
    """What is known of the arrays beside it."""

    kinds: tuple[DataKind, ...]
    parts: tuple[Part, ...]
    task: Task
    rows: int  # training examples
    outputs: int
    vocabulary: int
    vocabularies: tuple[int, ...]


def info(name: str, source: FileSource) -> DataInfo:
    """What planning needs to know.  Encodes the files if they, or what is to become of them, are new.

    Raises DataError: file, line or row, and column of what is wrong.
    """
    fingerprint = _fingerprint(source)
    about = _about(_encoded(source, fingerprint))
    return DataInfo(name, about.kinds, about.task, fingerprint, "the user's own files", source.train, about.rows)


def load(name: str, source: FileSource) -> Dataset:
    """The arrays, mapped into memory: what is not used is not read."""
    folder = folder_of(source)
    about = _about(folder)
    train, test = (_examples(folder, split, about) for split in SPLITS)
    return Dataset(name, about.task, train, test, about.outputs, about.vocabulary, about.vocabularies)


def folder_of(source: FileSource) -> Path:
    """Where its arrays are, made if they aren't there."""
    return _encoded(source, _fingerprint(source))


def _fingerprint(source: FileSource) -> str:
    """Hex sha256 that changes with the files' bytes and with what is made of them; not with where they are."""
    keys = asdict(source)
    for key in ("train", "test"):
        path = Path(keys[key])
        keys[key] = [path.name, content_digest(path)] if keys[key] else ""
    for key, value in source.options.items():  # e.g. the anomalies' windows of nab
        if isinstance(value, str) and Path(value).is_file():
            keys["options"][key] = content_digest(Path(value))
    return hashlib.sha256(json.dumps([PREPARATION, keys], sort_keys=True).encode()).hexdigest()


def _encoded(source: FileSource, fingerprint: str) -> Path:
    """The folder of the arrays, made if it isn't there; whole or not at all, also by several processes at once."""
    folder = cache_directory() / "files" / fingerprint
    if not (folder / ABOUT).exists():
        with written_into(folder.parent) as temporary:
            made = temporary / "made"
            made.mkdir()
            _encode(source, made)
            try:
                os.replace(made, folder)
            except OSError:
                if not (folder / ABOUT).exists():  # else another process was first
                    raise
    return folder


def _encode(source: FileSource, folder: Path) -> None:
    recipe = learnt(source)
    written = _write(examples(pieces(source), source, recipe), folder)
    rows = {split: written.get(f"{split}.targets", 0) for split in SPLITS}
    if not all(rows.values()):
        what = f"{rows['train']} examples to learn from and {rows['test']} held out"
        raise DataError(source.train, what, "give some of both; a window needs more steps than it is long")
    parts = tuple(part for part in get_args(Part) if f"train.{part}" in written)
    about = About(
        kinds=("bags",) if "weights" in parts else parts,
        parts=parts,
        task=cast(Task, source.task),
        rows=rows["train"],
        outputs=_outputs(source, recipe, folder),
        vocabulary=recipe.size(source.ids) if source.ids else 0,
        vocabularies=tuple(recipe.size(name) for name in source.columns),
    )
    (folder / ABOUT).write_bytes(msgspec.json.encode(about))


def _write(found: Iterable[tuple[Examples, Flags]], folder: Path) -> dict[str, int]:
    """Rows by file: train.vectors, test.targets, ..."""
    writers: dict[str, NpyWriter] = {}
    with ExitStack() as stack:
        for some, training_N in found:
            for split, chosen_N in zip(SPLITS, (training_N, ~training_N), strict=True):
                for name, values in _arrays(some):
                    file = f"{split}.{name}"
                    if file not in writers:
                        writers[file] = stack.enter_context(closing(NpyWriter(folder / f"{file}.npy", values)))
                    writers[file].write(values[chosen_N])
    return {file: writer.rows for file, writer in writers.items()}


def _arrays(some: Examples) -> Iterator[tuple[str, Array]]:
    yield from some.parts.items()
    yield "targets", some.targets
    if some.labels is not None:
        yield "labels", some.labels


def _outputs(source: FileSource, recipe: Recipe, folder: Path) -> int:
    """The head's width: a class each, a number of the next step each, or one."""
    if source.task == "classification":
        return recipe.size(source.target)
    return int(_mapped(folder, "train.targets").shape[1]) if source.window else 1


def _about(folder: Path) -> About:
    try:
        return msgspec.json.decode((folder / ABOUT).read_bytes(), type=About)
    except (OSError, ValueError, msgspec.DecodeError) as error:
        raise _damaged(folder, error) from None


def _damaged(folder: Path, error: Exception) -> DataError:
    return DataError(str(folder), f"is damaged ({error})", "delete this folder: it is made again from the files")


def _examples(folder: Path, split: str, about: About) -> Examples:
    """Of a series, the held-out part alone has its anomalies."""
    labels = _mapped(folder, "test.labels") if about.task == "forecast" and split == "test" else None
    parts = {part: _mapped(folder, f"{split}.{part}") for part in about.parts}
    return Examples(parts, _mapped(folder, f"{split}.targets"), labels)


def _mapped(folder: Path, name: str) -> Array:
    """Read only, and a plain array: what sends it elsewhere need not copy it first."""
    try:
        return np.asarray(np.load(folder / f"{name}.npy", mmap_mode="r", allow_pickle=False))
    except Exception as error:  # whatever numpy raises at a damaged header
        raise _damaged(folder, error) from None
