"""An HLO instruction on its way to becoming a node: its operands are nodes, its attributes are bytes."""

from dataclasses import dataclass
from typing import Any

from tensorflow.compiler.xla.service import hlo_pb2

from pipeline.certify.program.merkle import Graph, Node, Shape, shape_of

# What says nothing about the value: names, numbering, source lines; or what the draft holds itself.
_NOT_MEANING = (
    "name", "opcode", "shape", "metadata", "id", "operand_ids", "control_predecessor_ids", "called_computation_ids",
    "original_value", "statistics_viz", "frontend_attributes", "literal", "dimensions",
)  # fmt: skip
# TensorFlow marks matmuls that a gradient made; the mark is a hint and changes nothing.
_HINTS = frozenset({"grad_x", "grad_y"})


@dataclass(frozen=True)
class Draft:
    """One instruction.  `attributes` is all that matters besides operands, shape, dimensions and called names.

    `zero_sign`: a rewrite may replace a zero by a zero of the other sign, if it tells the graph.
    """

    instruction: Any  # hlo_pb2.HloInstructionProto
    opcode: str
    shape: Shape
    operands: tuple[Node, ...]
    called: tuple[str, ...]
    dimensions: tuple[int, ...]
    attributes: bytes
    zero_sign: bool = False

    @property
    def static(self) -> bool:
        """No dynamic dimension and no tuple among operands and result: shape rewrites apply."""
        shapes = [self.shape, *(operand.shape for operand in self.operands)]
        return not any(shape.dynamic or shape.parts for shape in shapes)

    def plain(self, graph: Graph) -> Node:
        """The node without any rewriting."""
        return graph.node(
            self.opcode, self.shape, self.operands, self.attributes, self.called, dimensions=self.dimensions
        )


def draft(instruction: Any, operands: tuple[Node, ...], called: tuple[str, ...], zero_sign: bool) -> Draft:
    """Reads one instruction."""
    return Draft(
        instruction,
        instruction.opcode,
        shape_of(instruction.shape),
        operands,
        called,
        tuple(instruction.dimensions),
        attributes(instruction),
        zero_sign,
    )


def attributes(instruction: Any, *without: str) -> bytes:
    """All remaining fields of an instruction, in protobuf's deterministic form, without the fields named."""
    rest = hlo_pb2.HloInstructionProto()
    rest.CopyFrom(instruction)
    for name in (*_NOT_MEANING, *without):
        rest.ClearField(name)
    hints = {name: text for name, text in instruction.frontend_attributes.map.items() if name not in _HINTS}
    return bytes(rest.SerializeToString(deterministic=True)) + (repr(sorted(hints.items())).encode() if hints else b"")
