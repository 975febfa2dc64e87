"""What a proof is about and what comes of it: Program, Fingerprint, ProgramResult, and the refusal to look further."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from pipeline.records import ProgramPrint, Record, Rule


class ProgramRefused(Exception):  # noqa: N818 - a refusal is an answer, not an error
    """There is no program that could serve as a proof; `reason` says why, in a sentence for the certificate."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class NotCompiled(ProgramRefused):
    """XLA has no program for this function; TensorFlow's own graph may still tell."""


class Parameter(Record, frozen=True):
    """What one parameter of a program stands for.  `name` is a role, the position of an input, or a digest.

    A table is a lookup table; its dtype reads "string to int64".
    """

    kind: Literal["input", "cotangent", "weight", "optimizer", "constant", "table"]
    name: str
    dtype: str
    shape: tuple[int, ...]

    @property
    def token(self) -> str:
        """The identity that two programs share where they mean the same thing."""
        return f"{self.kind} {self.name} {self.dtype}{list(self.shape)}"


@dataclass(frozen=True)
class Program:
    """One traced function as an XLA HLO module.

    `parameters[k]` is what HLO parameter k stands for, `outputs[k]` labels element k of the result.  `signature` states
    what the function is of (inputs, weights by role, trainable or not, cotangents), `structure` how its results nest
    and which gradients are missing, dense or sparse.
    `constants` holds the values of the parameters of kind "constant", by parameter number.
    """

    kind: Literal["forward", "vjp", "train_step"]
    module: Any  # hlo_pb2.HloModuleProto
    parameters: tuple[Parameter, ...]
    outputs: tuple[str, ...]
    signature: str
    structure: str
    constants: Mapping[int, npt.NDArray[np.generic]]


class ProgramResult(Record, frozen=True):
    """Are the programs of two arms the same?

    True is a proof within `proves`.  False says that the programs differ, not that their values do.  None is no answer:
    `refused` says why.  `rule` is the weakest rule that any of the equal programs needed; `left_out` names what was not
    looked at, each with its reason.
    """

    equal: bool | None
    rule: Rule | None = None
    prints: tuple[ProgramPrint, ...] = ()
    refused: str = ""
    proves: str = ""
    preconditions: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
