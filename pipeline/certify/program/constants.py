"""Constants as nodes.  One value everywhere is a scalar spread out; anything else is hashed whole, every byte."""

import hashlib
from typing import Any

import numpy as np

from pipeline.certify.program.draft import Draft
from pipeline.certify.program.literals import FLOATS, literal_array, numpy_type, uniform_bytes
from pipeline.certify.program.merkle import Graph, Node, Shape
from pipeline.certify.program.movement import spread


def constant(graph: Graph, draft: Draft) -> Node:
    """The node of a literal."""
    array = literal_array(draft.instruction.literal)
    if array is None or not draft.static or draft.attributes:
        literal = draft.instruction.literal.SerializeToString(deterministic=True)
        return graph.node("constant", draft.shape, (), draft.attributes + b"literal" + literal)
    value = uniform_bytes(array)
    if value is not None:
        return spread(graph, scalar(graph, draft.shape.element, np.frombuffer(value, array.dtype)[0]), draft.shape.dims)
    digest = hashlib.sha256(np.ascontiguousarray(array).tobytes()).digest()
    return graph.node("constant", draft.shape, (), b"array" + digest, interval=_hull(array))


def scalar(graph: Graph, element: int, value: Any) -> Node:
    """A scalar constant of an element type; `value` is converted to it."""
    number = np.asarray(value).astype(numpy_type(element))
    whole = None if element in FLOATS else int(number)
    interval = None if whole is None else (whole, whole)
    return graph.node("constant", Shape(element), (), b"scalar" + number.tobytes(), value=number[()], interval=interval)


def _hull(array: Any) -> tuple[int, int] | None:
    if array.dtype.kind not in "iub" or not array.size:
        return None
    return int(array.min()), int(array.max())
