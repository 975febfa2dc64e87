"""What passes between the certificate's process and the compiler's.  Sizes in bytes."""

from pipeline.records import Record


class Job(Record, frozen=True):
    """One module to compile: FOLDER/`name`.mlir holds it as StableHLO text, `topology` is such as "v5e:2x2"."""

    name: str
    topology: str


class Answer(Record, frozen=True):
    """What the compiler made of one job; where it compiled, FOLDER/`name`.hlo holds the optimised HLO module.

    `why` is the compiler's reason where it did not.  `temp_bytes` is scratch memory beside arguments and results.
    `flops` are counted on the compiled program; None where the compiler does not tell.
    """

    name: str
    compiled: bool
    seconds: float
    why: str = ""
    temp_bytes: int = 0
    argument_bytes: int = 0
    output_bytes: int = 0
    code_bytes: int = 0
    flops: float | None = None
