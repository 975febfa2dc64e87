"""Runs an HLO module, instruction by instruction, with the meaning of each opcode given by a table."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from pipeline.certify.program.literals import FLOATS

Array = npt.NDArray[Any]


class Unsupported(Exception):  # noqa: N818 - an answer: this program can't be run here
    """An instruction has no meaning in the table; the text names it."""


@dataclass(frozen=True)
class Step:
    """One instruction with the types it works on.  `run` evaluates a called computation by its place in the list."""

    instruction: Any
    operand_types: tuple[int, ...]
    run: Callable[[int, Sequence[Any]], Any]
    region: Callable[[int], Any]  # the computation itself

    @property
    def opcode(self) -> str:
        """The opcode's name."""
        return str(self.instruction.opcode)

    @property
    def dims(self) -> tuple[int, ...]:
        """The result's dimensions."""
        return tuple(self.instruction.shape.dimensions)

    @property
    def axes(self) -> tuple[int, ...]:
        """The instruction's `dimensions` attribute."""
        return tuple(self.instruction.dimensions)

    @property
    def floating(self) -> bool:
        """Is the result or the first operand floating?"""
        first = self.operand_types[:1]
        return self.instruction.shape.element_type in FLOATS or bool(first and first[0] in FLOATS)

    def binary(self) -> str:
        """The opcode of a region that is one operation on its two parameters in order; "second" if it returns the
        second; else Unsupported."""
        region = self.region(0)
        root = next(item for item in region.instructions if item.id == region.root_id)
        parameters = {item.id: item.parameter_number for item in region.instructions if item.opcode == "parameter"}
        if len(parameters) == 2 and parameters.get(root.id) == 1:
            return "second"
        if len(region.instructions) != 3 or {parameters.get(k) for k in root.operand_ids} != {0, 1}:
            raise Unsupported(f"{self.opcode} with a region of its own")
        return str(root.opcode)


Handler = Callable[[Step, Sequence[Any]], Any]
Table = Callable[[Step], Handler | None]


def run(module: Any, arguments: Mapping[int, Any], table: Table) -> tuple[Any, ...]:
    """The module's results for its arguments by parameter number.  Raises Unsupported."""
    computations = {item.id: item for item in module.computations}

    def evaluate(computation: Any, given: Mapping[int, Any]) -> Any:
        values: dict[int, Any] = {}
        types: dict[int, int] = {}
        for item in computation.instructions:
            types[item.id] = item.shape.element_type
            if item.opcode == "parameter":
                values[item.id] = given[item.parameter_number]
                continue
            step = Step(item, tuple(types[k] for k in item.operand_ids), _runner(item), _region(item))
            handler = table(step)
            if handler is None:
                raise Unsupported(item.opcode)
            values[item.id] = handler(step, [values[k] for k in item.operand_ids])
        return values[computation.root_id]

    def _runner(item: Any) -> Callable[[int, Sequence[Any]], Any]:
        return lambda place, given: evaluate(computations[item.called_computation_ids[place]], dict(enumerate(given)))

    def _region(item: Any) -> Callable[[int], Any]:
        return lambda place: computations[item.called_computation_ids[place]]

    result = evaluate(computations[module.entry_computation_id], arguments)
    return tuple(result) if isinstance(result, tuple) else (result,)


def as_array(value: Any) -> Array:
    """NumPy turns 0-d results into scalars; this turns them back."""
    return np.asarray(value)
