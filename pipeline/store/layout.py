"""Where everything is in a run directory."""

from dataclasses import dataclass
from pathlib import Path

from pipeline.records import RunTiming


@dataclass(frozen=True)
class Layout:
    """The paths of the run directory at `root`.  Folders are made when something is first written to them."""

    root: Path

    @property
    def config(self) -> Path:
        """The resolved config, as YAML."""
        return self.root / "config.yaml"

    @property
    def about(self) -> Path:
        """The run's name, and the margins its verdicts are made with."""
        return self.root / "about.json"

    @property
    def plan(self) -> Path:
        """All trials and cells."""
        return self.root / "plan.json"

    @property
    def environment(self) -> Path:
        """What the last session ran on and from."""
        return self.root / "environment.json"

    @property
    def data(self) -> Path:
        """The data sets used."""
        return self.root / "data.json"

    @property
    def timings(self) -> Path:
        """One file per session of the run."""
        return self.root / "timings"

    @property
    def evidence(self) -> Path:
        """One file per finished trial."""
        return self.root / "evidence"

    @property
    def weights(self) -> Path:
        """One npz file per finished trial that keeps its arms' weights."""
        return self.root / "weights"

    @property
    def kept(self) -> Path:
        """One folder per finished trial that keeps other files than weights."""
        return self.root / "kept"

    @property
    def failures(self) -> Path:
        """One file per trial that failed and has not succeeded since."""
        return self.root / "failures"

    @property
    def tensorboard(self) -> Path:
        """TensorBoard's logs: a view."""
        return self.root / "tensorboard"

    @property
    def report(self) -> Path:
        """The rendered report: a view."""
        return self.root / "report"

    @property
    def lock(self) -> Path:
        """Names the driver at work, if any."""
        return self.root / "driver.lock"

    def timing(self, timing: RunTiming) -> Path:
        """The file of one session, sorted by its start to the millisecond."""
        return self.timings / f"{round(timing.started * 1000):015d}.json"
