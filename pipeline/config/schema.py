"""The config schema: every key, its type and its default.  docs/config.md says what each means."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, cast

from omegaconf import OmegaConf

from pipeline.records import FileSource, GangLimits, Published, Retries, Strategy, Timing, Training, TrialLimits
from pipeline.redacted import redact_values

DTYPE_POLICIES = ("float32", "float64", "mixed_bfloat16", "mixed_float16")
OPTIMIZERS = ("sgd", "adagrad", "adam", "sparse_sgd", "sparse_adagrad", "rowwise_adagrad", "lazy_adam")
LOOPS = ("custom", "fit")
REMAINDERS = ("drop", "keep")
COORDINATIONS = ("stepwise", "async")
PLACEMENTS = ("pack", "spread")
EXCLUDE_KEYS = ("family", "candidate", "data", "strategy", "frontend", "dtype_policy", "jit", "loop")

# What `seeds: auto` looks at where a config doesn't say: the last is its budget.
AUTO_LOOKS = (5, 10, 20)

# What a strategy has where a config doesn't say.
STRATEGY_DEFAULTS: Mapping[str, Mapping[str, int]] = {
    "mirrored": {"devices": 2},
    "multi_worker_mirrored": {"workers": 2},
    "parameter_server": {"workers": 2, "ps": 1},
    "central_storage": {"devices": 2},
    "tpu": {"devices": 8},
}
CROSS_DEVICE_OPS: Mapping[str, tuple[str, ...]] = {
    "mirrored": ("auto", "nccl", "hierarchical_copy", "reduction_to_one_device"),
    "multi_worker_mirrored": ("auto", "nccl", "ring"),
}


@dataclass(frozen=True)
class ResourcesConfig:
    """What one device of a strategy holds on the cluster.  Two logical CPU devices share a core by default."""

    cpus_per_device: float = 0.5
    gpus_per_device: float = 0.0
    accelerator: str = ""  # the kind of GPU or TPU that trials go to, as Ray labels nodes with it


@dataclass(frozen=True)
class Experiment:
    """A whole config.  The first of `styles` is the baseline; every other style is a candidate against it."""

    name: str = "experiment"
    question: str = ""
    families: list[str] = field(default_factory=lambda: ["projection"])
    styles: list[str] = field(default_factory=lambda: ["class", "functional"])
    data: list[str] = field(default_factory=lambda: ["mnist_5k"])
    sources: dict[str, FileSource] = field(default_factory=dict)  # data sets in files of one's own, by name
    strategies: list[Strategy] = field(default_factory=lambda: [Strategy()])
    frontends: list[str] = field(default_factory=lambda: ["keras"])
    dtype_policies: list[str] = field(default_factory=lambda: ["float32"])
    jit: list[bool] = field(default_factory=lambda: [False])
    loop: list[str] = field(default_factory=lambda: ["custom"])
    seeds: list[int] = field(default_factory=lambda: [0, 1, 2, 3, 4])
    looks: list[int] = field(default_factory=list)  # after so many seeds the undecided get more
    exclude: list[dict[str, Any]] = field(default_factory=list)
    agreement_seeds: int = 1  # so many of the seeds are trained on one device too, and compared, under any strategy
    certify: bool = True
    certify_seconds: float = 60.0  # the most that one certificate may take
    article_examples: bool = False
    keep_weights: bool = False  # of both arms, for TensorBoard's histograms and projector
    keep_histograms: bool = False  # of both arms' weights and gradients, after each epoch
    keep_graphs: bool = False  # of both arms' forward passes, of each cell's first seed
    train: Training = field(default_factory=Training)
    train_on: dict[str, dict[str, Any]] = field(default_factory=dict)  # per data set, over `train`
    options: dict[str, dict[str, Any]] = field(default_factory=dict)  # per family, e.g. {projection: {units: 64}}
    allowed_modules: list[str] = field(default_factory=list)  # that `families` may name; empty: any
    margins: dict[str, int | float | str] = field(default_factory=dict)  # per metric: 0.01 or 0.5sd
    published: Published = field(default_factory=Published)  # figures of others, to compare with
    rows: int = 0  # examples used of each data set (0: all)
    resources: ResourcesConfig = field(default_factory=ResourcesConfig)
    gangs: GangLimits = field(default_factory=GangLimits)
    trials: TrialLimits = field(default_factory=TrialLimits)
    retries: Retries = field(default_factory=Retries)
    timing: Timing = field(default_factory=Timing)
    xla_flags: str = ""  # of every worker process
    deterministic: bool = True  # TensorFlow's op determinism, in every worker process

    def seeds_of(self, look: int) -> list[int]:
        """The seeds that this look adds, counted from 0; all of them where there are no looks."""
        if not self.looks:
            return self.seeds
        return sorted(self.seeds)[: self.looks[look]][self.looks[look - 1] if look else 0 :]

    @property
    def own_sources(self) -> dict[str, FileSource]:
        """Those of `sources` that `data` names."""
        return {name: source for name, source in self.sources.items() if name in self.data}

    def training_on(self, data: str) -> Training:
        """The training of one data set: `train` with that data set's own values over it."""
        if data not in self._merged:
            own = OmegaConf.create(self.train_on.get(data, {}))
            merged = OmegaConf.merge(OmegaConf.structured(self.train), own)
            self._merged[data] = cast(Training, OmegaConf.to_object(merged))
        return self._merged[data]

    @cached_property
    def _merged(self) -> dict[str, Training]:
        """By data set, what was asked for: every trial asks, and OmegaConf takes a millisecond."""
        return {}

    def to_yaml(self) -> str:
        """The resolved config as YAML; `load` of it gives an equal config."""
        return OmegaConf.to_yaml(OmegaConf.structured(self))

    def to_kept_yaml(self) -> str:
        """The same without what looks like a secret: what a run directory and its report keep."""
        return OmegaConf.to_yaml(redact_values(OmegaConf.to_container(OmegaConf.structured(self))))
