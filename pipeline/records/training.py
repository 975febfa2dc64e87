"""How a train trial trains."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Training:
    """How a train trial trains.  Part of the config schema.

    `steps` limits the steps of an epoch (0: all).  `remainder` is what becomes of an epoch's last examples that don't
    fill a batch: "drop" them, or "keep" them as a smaller batch.  `hidden` are the units of relu layers between the
    family's vectors and the outputs.
    """

    epochs: int = 5
    global_batch: int = 128
    optimizer: str = "adam"
    learning_rate: float = 1e-3
    dropout: float = 0.0
    steps_per_call: int = 50
    steps: int = 0
    remainder: str = "drop"
    hidden: list[int] = field(default_factory=list)
