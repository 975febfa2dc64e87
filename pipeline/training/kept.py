"""A snapshot as bytes, and back: an npz without pickles, so that nothing in a file of it is ever executed."""

from collections.abc import Mapping
from io import BytesIO
from typing import Any
from zipfile import BadZipFile

import msgspec
import numpy as np

from pipeline.records import ArmResult, Record
from pipeline.training.monitor import Part, Snapshot, TrainedArm

_ABOUT = "about"


class _About(Record, frozen=True):
    """All of a snapshot but its arrays."""

    results: tuple[ArmResult, ...]
    replicas: tuple[Mapping[str, float], ...]
    copies: tuple[int, ...]  # how many there are of each variable
    epoch: int
    train_loss: tuple[float, ...]
    metrics: tuple[Mapping[str, float], ...]
    seconds: tuple[float, ...]
    part: Part
    histograms: int = 0  # of how many epochs


def pack(snapshot: Snapshot) -> bytes:
    """`unpack` gives an equal one back."""
    about = _About(
        results=tuple(arm.result for arm in snapshot.finished),
        replicas=tuple(arm.replicas for arm in snapshot.finished),
        copies=tuple(map(len, snapshot.variables)),
        epoch=snapshot.epoch,
        train_loss=snapshot.train_loss,
        metrics=snapshot.metrics,
        seconds=snapshot.seconds,
        part=snapshot.part,
        histograms=len(snapshot.histograms),
    )
    arrays: dict[str, Any] = {_ABOUT: np.frombuffer(msgspec.json.encode(about), np.uint8)}
    for index, arm in enumerate(snapshot.finished):
        arrays |= _above(f"arm{index}/weights/", arm.weights)
        arrays |= _above(f"arm{index}/histograms/", arm.histograms)
        arrays[f"arm{index}/graph"] = np.frombuffer(arm.graph, np.uint8)
    for epoch, histograms in enumerate(snapshot.histograms):
        arrays |= _above(f"epoch{epoch}/", histograms)
    for index, copies in enumerate(snapshot.variables):
        arrays |= {f"variable{index}/{copy}": value for copy, value in enumerate(copies)}
    buffer = BytesIO()
    np.savez(buffer, allow_pickle=False, **arrays)
    return buffer.getvalue()


def unpack(content: bytes) -> Snapshot | None:
    """None for what is no whole snapshot: the trial then begins at its beginning."""
    try:
        with np.load(BytesIO(content), allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
        about = msgspec.json.decode(arrays.pop(_ABOUT).tobytes(), type=_About)
        variables = tuple(
            tuple(arrays[f"variable{index}/{copy}"] for copy in range(copies))
            for index, copies in enumerate(about.copies)
        )
        finished = tuple(
            _arm(arrays, f"arm{index}", result, replicas)
            for index, (result, replicas) in enumerate(zip(about.results, about.replicas, strict=True))
        )
    except (BadZipFile, EOFError, KeyError, OSError, ValueError, NotImplementedError, msgspec.MsgspecError):
        return None
    return Snapshot(
        finished=finished,
        epoch=about.epoch,
        variables=variables,
        train_loss=about.train_loss,
        metrics=about.metrics,
        seconds=about.seconds,
        histograms=tuple(_below(arrays, f"epoch{epoch}/") for epoch in range(about.histograms)),
        part=about.part,
    )


def _arm(arrays: Mapping[str, Any], place: str, result: ArmResult, replicas: Mapping[str, float]) -> TrainedArm:
    weights, histograms = _below(arrays, f"{place}/weights/"), _below(arrays, f"{place}/histograms/")
    return TrainedArm(result, weights, replicas, histograms, arrays[f"{place}/graph"].tobytes())


def _above(prefix: str, arrays: Mapping[str, Any]) -> dict[str, Any]:
    return {f"{prefix}{name}": value for name, value in arrays.items()}


def _below(arrays: Mapping[str, Any], prefix: str) -> dict[str, Any]:
    return {name.removeprefix(prefix): value for name, value in arrays.items() if name.startswith(prefix)}
