"""How two arms are compared, and what makes no sense."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from pipeline.certify.pair import TOLERANCES
from pipeline.certify.update.optimizers import OPTIMIZERS
from pipeline.errors import ConfigError
from pipeline.records import InputSpec

LEVELS = ("interface", "program", "values", "update", "lifecycle")
# On request.  The first needs two logical CPU devices, the second the extra layerparity[tpu-aot].
EXTRA_LEVELS = ("distribution", "tpu")
DTYPE_POLICIES = ("float32", "float64", "mixed_bfloat16", "mixed_float16")
WHERE = "compare"


@dataclass(frozen=True)
class Settings:
    """How two arms are compared.

    `weights_map`: baseline path to candidate path, for some or all weights.  `levels`: program brings the proofs,
    algebra with them.  `tolerance` is scale-relative; None: the product's own for each dtype.  `time_limit` in seconds.
    `strict_lifecycle`: an arm that raises a clear error where the other works makes the pair different.
    """

    weights_map: Mapping[str, str] | None = None
    levels: tuple[str, ...] = LEVELS
    tolerance: float | None = None
    optimizers: tuple[str, ...] = ("sgd", "adam", "adagrad")
    dtype_policy: str = "float32"
    batches: tuple[int, ...] = (1, 4, 8)
    seed: int = 0
    time_limit: float = 60.0
    strict_lifecycle: bool = False

    @property
    def tolerances(self) -> Mapping[str, float]:
        """The tolerance of each float dtype."""
        return TOLERANCES if self.tolerance is None else dict.fromkeys(TOLERANCES, self.tolerance)

    def shown(self) -> dict[str, str | int | float | bool]:
        """For the certificate."""
        return {
            "levels": ", ".join(self.levels),
            "tolerance": "own" if self.tolerance is None else self.tolerance,
            "optimizers": ", ".join(self.optimizers),
            "dtype_policy": self.dtype_policy,
            "batches": ", ".join(map(str, self.batches)),
            "seed": self.seed,
            "time_limit": self.time_limit,
            "strict_lifecycle": self.strict_lifecycle,
            "weights_map": "given" if self.weights_map else "inferred",
        }


def check(settings: Settings, inputs: Sequence[InputSpec]) -> None:
    """Raises ConfigError for settings that make no sense."""
    if not inputs:
        raise ConfigError(WHERE, "there are no inputs", 'give at least one, e.g. --inputs "float32[8]"')
    _choose("levels", settings.levels, (*LEVELS, *EXTRA_LEVELS))
    _choose("optimizers", settings.optimizers, OPTIMIZERS)
    _choose("dtype_policy", [settings.dtype_policy], DTYPE_POLICIES)
    if settings.tolerance is not None and not 0 < settings.tolerance < 1:
        raise ConfigError(WHERE, f"tolerance={settings.tolerance} is out of range", "use a share between 0 and 1")
    if not settings.time_limit > 0:
        raise ConfigError(WHERE, f"time_limit={settings.time_limit} is out of range", "use seconds above 0")
    if not settings.batches or any(not 1 <= batch <= 4096 for batch in settings.batches):
        raise ConfigError(WHERE, f"batch={settings.batches} is out of range", "use sizes from 1 to 4096, e.g. 1,4,8")
    if not 0 <= settings.seed < 2**31:
        raise ConfigError(WHERE, f"seed={settings.seed} is out of range", "use 0 ≤ seed < 2147483648")


def _choose(key: str, values: Sequence[str], choices: Collection[str]) -> None:
    for value in values:
        if value not in choices:
            raise ConfigError(WHERE, f"{key}: unknown {value!r}", f"use one of {', '.join(choices)}")
    if not values:
        raise ConfigError(WHERE, f"{key} is empty", f"use one of {', '.join(choices)}")
