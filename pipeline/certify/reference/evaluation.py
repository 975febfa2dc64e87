"""Runs a program in long double: 64 bits of mantissa on x86-64, so float32's and float64's rounding can be seen."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from pipeline.certify.program.interpret.walk import run
from pipeline.certify.program.records import Program
from pipeline.certify.reference.interpretation import table

LongDouble = np.longdouble


def evaluate(program: Program, arrays: Mapping[str, Any]) -> tuple[npt.NDArray[Any], ...]:
    """The results in the order of `program.outputs`: floating ones in long double, integers as they are.

    `arrays` holds one value per parameter that is no constant, named "input 0", "cotangent output 0", "weight <role>",
    "optimizer 0".  Raises KeyError where one is missing, Unsupported where an opcode has no meaning here.
    """
    arguments = {
        number: widened(
            program.constants[number] if parameter.kind == "constant" else arrays[f"{parameter.kind} {parameter.name}"]
        )
        for number, parameter in enumerate(program.parameters)
    }
    with np.errstate(all="ignore"):
        return run(program.module, arguments, table)


def widened(value: Any) -> npt.NDArray[Any]:
    """Any floating type, bfloat16 too, as long double; other types unchanged."""
    array = np.asarray(value)
    return array if array.dtype.kind in "iub" else array.astype(LongDouble)
