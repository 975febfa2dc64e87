"""A tf.distribute strategy as a config names it, and how long its processes are waited for."""

from dataclasses import dataclass

# Those that take several processes which start and end together.
GANGS = frozenset({"multi_worker_mirrored", "parameter_server"})


@dataclass(frozen=True)
class Strategy:
    """One tf.distribute strategy with its options.  Part of the config schema.

    `devices` are those of each worker; `workers` and `ps` (parameter servers) are processes.  `cross_device_ops` is
    how replicas sum their gradients, "auto" the usual way for the device type.  `coordination` is a parameter
    server's: "stepwise" waits for every step, "async" for all the steps of one call.  `placement` of the processes is
    "pack" (few nodes) or "spread" (many).  `topology` is of a TPU slice, e.g. "2x4"; "" for any.
    """

    name: str = "default"
    devices: int = 1
    workers: int = 1
    ps: int = 0
    cross_device_ops: str = "auto"
    coordination: str = "stepwise"
    placement: str = "pack"
    topology: str = ""

    @property
    def replicas(self) -> int:
        """How many shares a global batch is cut into.  A parameter server gives each batch to one worker."""
        return self.devices if self.name == "parameter_server" else self.devices * self.workers

    @property
    def is_gang(self) -> bool:
        """Whether it takes several processes that start and end together."""
        return self.name in GANGS

    @property
    def processes(self) -> int:
        """Those of a gang, a parameter server's coordinator included; else 1."""
        if self.name == "parameter_server":
            return 1 + self.workers + self.ps
        return self.workers if self.is_gang else 1

    @property
    def is_repeatable(self) -> bool:
        """Whether the same trial gives the same numbers: asynchronous steps meet weights of no fixed age."""
        return not (self.name == "parameter_server" and self.coordination == "async")

    @property
    def label(self) -> str:
        """`one_device`, `mirrored(2)`, `multi_worker_mirrored(2 x 1)`, `parameter_server(2 + 1 ps, async)`."""
        usual = Strategy(self.name)
        named = ("cross_device_ops", "coordination", "placement", "topology")
        options = [str(getattr(self, key)) for key in named if getattr(self, key) != getattr(usual, key)]
        inside = ", ".join([*self._size(), *options])
        return f"{self.name}({inside})" if inside else self.name

    def _size(self) -> list[str]:
        if self.name == "multi_worker_mirrored":
            return [f"{self.workers} x {self.devices}"]
        if self.name == "parameter_server":
            return [f"{self.workers} + {self.ps} ps" + (f", {self.devices} devices" if self.devices > 1 else "")]
        return [str(self.devices)] if self.devices > 1 else []


@dataclass(frozen=True)
class GangLimits:
    """What a gang's start, silence and failures may cost.  Part of the config schema.

    Seconds until its processes have their places, until the first sign of progress, and from one sign to the next;
    how often one trial may start its gang again.
    """

    placement_seconds: float = 60.0
    start_seconds: float = 120.0
    stall_seconds: float = 30.0
    restarts: int = 2
