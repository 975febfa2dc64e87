"""TensorBoard events as bytes, made without TensorFlow: scalars, histograms, texts, pictures, graphs, a layout of
charts, and HParams sessions."""

import struct
from collections.abc import Iterable, Mapping
from io import BytesIO
from typing import Any

import numpy.typing as npt
from tensorboard.compat.proto.event_pb2 import Event
from tensorboard.compat.proto.summary_pb2 import Summary
from tensorboard.plugins.custom_scalar import metadata as layout_metadata
from tensorboard.plugins.custom_scalar.layout_pb2 import Layout
from tensorboard.plugins.histogram import metadata as histogram_metadata
from tensorboard.plugins.histogram import summary_v2 as histogram_summary
from tensorboard.plugins.hparams import api_pb2, metadata, plugin_data_pb2
from tensorboard.plugins.hparams import summary_v2 as hparams_summary
from tensorboard.plugins.image import metadata as image_metadata
from tensorboard.plugins.scalar import summary_v2 as scalar_summary
from tensorboard.plugins.text import summary_v2 as text_summary
from tensorboard.summary.writer.record_writer import RecordWriter
from tensorboard.util.tensor_util import make_tensor_proto

HParam = float | int | str | bool
_PNG_SIZE_AT = 16  # width and height, in its first chunk


def event_file(events: Iterable[Event], at: float) -> bytes:
    """The whole content of an event file, version header first.  Equal events give equal bytes."""
    buffer = BytesIO()
    writer = RecordWriter(buffer)
    for event in (Event(wall_time=at, file_version="brain.Event:2"), *events):
        writer.write(event.SerializeToString(deterministic=True))
    return buffer.getvalue()


def scalar(tag: str, value: float, *, step: int, at: float) -> Event:
    """One point of a curve."""
    return _event(scalar_summary.scalar_pb(tag, value), step, at)


def histogram(tag: str, values: npt.NDArray[Any], *, step: int, at: float) -> Event:
    """How the values are distributed."""
    return _event(histogram_summary.histogram_pb(tag, values), step, at)


def buckets(tag: str, buckets_K3: npt.NDArray[Any], *, step: int, at: float) -> Event:
    """How values are distributed that were counted before: left end, right end and count of K buckets."""
    return _tensor(tag, make_tensor_proto(buckets_K3), histogram_metadata.create_summary_metadata("", ""), step, at)


def picture(tag: str, png: bytes, caption: str, *, at: float) -> Event:
    """A picture with its caption."""
    size = [str(number).encode() for number in struct.unpack_from(">2I", png, _PNG_SIZE_AT)]
    content = make_tensor_proto([*size, png], dtype="string")
    return _tensor(tag, content, image_metadata.create_summary_metadata("", caption), 0, at)


def graph(serialized: bytes, *, at: float) -> Event:
    """The graph of a run: a GraphDef."""
    return Event(wall_time=at, graph_def=serialized)


def text(tag: str, markdown: str, *, at: float) -> Event:
    """A text, shown as Markdown."""
    return _event(text_summary.text_pb(tag, markdown), 0, at)


def charts(layout: Layout) -> Event:
    """Which charts Custom Scalars shows."""
    content = make_tensor_proto(layout.SerializeToString(deterministic=True), dtype="string")
    described = layout_metadata.create_summary_metadata()
    return _tensor(layout_metadata.CONFIG_SUMMARY_TAG, content, described, 0, 0.0)


def session_start(group: str, hparams: Mapping[str, HParam], *, at: float) -> Event:
    """A session of the group begins with these hyperparameters."""
    return _event(hparams_summary.hparams_pb(dict(hparams), trial_id=group, start_time_secs=at), 0, at)


def session_end(*, succeeded: bool, at: float) -> Event:
    """The session ends."""
    status = api_pb2.STATUS_SUCCESS if succeeded else api_pb2.STATUS_FAILURE
    end = plugin_data_pb2.SessionEndInfo(status=status, end_time_secs=at)
    described = metadata.create_summary_metadata(plugin_data_pb2.HParamsPluginData(session_end_info=end))
    return _tensor(metadata.SESSION_END_INFO_TAG, metadata.NULL_TENSOR, described, 0, at)


def _tensor(tag: str, content: Any, described: Any, step: int, at: float) -> Event:
    summary = Summary()
    summary.value.add(tag=tag, metadata=described, tensor=content)
    return _event(summary, step, at)


def _event(summary: Summary, step: int, at: float) -> Event:
    return Event(wall_time=at, step=step, summary=summary)
