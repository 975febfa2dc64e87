"""Normal forms of the operations that take or join pieces: those that do nothing vanish, the rest stay as they are."""

from collections.abc import Callable, Mapping

from pipeline.certify.program.draft import Draft
from pipeline.certify.program.merkle import Graph, Node
from pipeline.certify.program.movement import broadcast, is_spread, reshape, spread, transpose


def _reshape(graph: Graph, draft: Draft) -> Node:
    return reshape(graph, draft.operands[0], draft.shape.dims)


def _transpose(graph: Graph, draft: Draft) -> Node:
    return transpose(graph, draft.operands[0], draft.dimensions)


def _broadcast(graph: Graph, draft: Draft) -> Node:
    return broadcast(graph, draft.operands[0], draft.shape.dims, draft.dimensions)


def _copy(graph: Graph, draft: Draft) -> Node:
    del graph
    return draft.operands[0]


def _concatenate(graph: Graph, draft: Draft) -> Node:
    return draft.operands[0] if len(draft.operands) == 1 else draft.plain(graph)


def _element(graph: Graph, draft: Draft) -> Node:
    """An element of a tuple that the program itself put together is what was put in."""
    source = draft.operands[0]
    return source.operands[draft.instruction.tuple_index] if source.opcode == "tuple" else draft.plain(graph)


def _pad(graph: Graph, draft: Draft) -> Node:
    edges = draft.instruction.padding_config.dimensions
    idle = all(not (edge.edge_padding_low or edge.edge_padding_high or edge.interior_padding) for edge in edges)
    return draft.operands[0] if idle else draft.plain(graph)


def _slice(graph: Graph, draft: Draft) -> Node:
    source = draft.operands[0]
    if source.shape.dims == draft.shape.dims:
        return source
    if is_spread(source):
        return spread(graph, source.operands[0], draft.shape.dims)
    return graph.node("slice", draft.shape, (source,), draft.attributes, interval=source.interval)


def _gather(graph: Graph, draft: Draft) -> Node:
    """What is gathered lies in the interval of what it is gathered from."""
    bounds = draft.operands[0].interval
    return graph.node(
        draft.opcode, draft.shape, draft.operands, draft.attributes, dimensions=draft.dimensions, interval=bounds
    )


# Opcode: its normal form, and the attributes it understands; with any other attribute the node stays plain.
PIECES: Mapping[str, tuple[Callable[[Graph, Draft], Node], tuple[str, ...]]] = {
    "reshape": (_reshape, ()),
    "transpose": (_transpose, ()),
    "broadcast": (_broadcast, ()),
    "copy": (_copy, ()),
    "concatenate": (_concatenate, ()),
    "get-tuple-element": (_element, ("tuple_index",)),
    "pad": (_pad, ("padding_config",)),
    "slice": (_slice, ("slice_dimensions",)),
    "reverse": (_gather, ()),
    "dynamic-slice": (_gather, ("dynamic_slice_sizes",)),
    "gather": (
        _gather,
        ("gather_dimension_numbers", "gather_slice_sizes", "indices_are_sorted", "unique_indices"),
    ),
}
