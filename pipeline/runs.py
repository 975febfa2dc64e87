"""A run directory, opened to be looked at: in a notebook, or by a program.  Changes nothing, needs no TensorFlow."""

from functools import cached_property
from pathlib import Path

from pipeline.analysis import analyse, worst
from pipeline.records import CellSummary, Certificate, CertifyEvidence, Failure
from pipeline.records import Run as Record
from pipeline.report.flat import Row, flat_rows
from pipeline.report.notebook import run_html
from pipeline.store.place import Place, located, opened
from pipeline.store.run_directory import RunDirectory


class Run:
    """What `parity run` left behind: `Run.open("runs/demo-1234abcd").verdicts`.

    `record` is the whole of it, as the report reads it; `folder` is where it stands.
    """

    def __init__(self, folder: Place, record: Record) -> None:
        self.folder, self.record = folder, record

    @classmethod
    def open(cls, folder: str | Path) -> "Run":
        """Reads the directory as it is now, finished or not.  RunDirectoryError where it is none."""
        place = located(str(folder))
        with opened(place) as files:
            return cls(place, RunDirectory.existing(files).read())

    @cached_property
    def cells(self) -> tuple[CellSummary, ...]:
        """Each cell judged by the rules of this version: verdict, sentence, differences, cost."""
        return analyse(self.record)

    @property
    def verdicts(self) -> dict[str, str]:
        """The verdict of each cell, by the cell's label."""
        return {item.cell.label: item.verdict for item in self.cells}

    @property
    def certificates(self) -> dict[str, Certificate]:
        """The certificates, by the label of the trial that made them."""
        found = (item for item in self.record.evidence if isinstance(item, CertifyEvidence))
        return {item.trial.label: item.certificate for item in found}

    @property
    def failures(self) -> tuple[Failure, ...]:
        """The trials that gave no evidence, with why."""
        return self.record.failures

    @property
    def exit_code(self) -> int:
        """What `parity run` ended with: 0 the same, 1 different, 2 inconclusive, 4 trials failed."""
        return worst(self.cells, self.failures)

    @property
    def report(self) -> Path | None:
        """The report's first page, where there is one on this machine."""
        page = Path(self.folder) / "report" / "index.html"
        return page if page.is_file() else None

    def rows(self) -> list[Row]:
        """All evidence as flat rows, as in evidence.csv: `pandas.DataFrame(run.rows())`."""
        return list(flat_rows(self.record))

    def __repr__(self) -> str:
        return f"Run({str(self.folder)!r}: {len(self.cells)} cells, exit code {self.exit_code})"

    def _repr_html_(self) -> str:
        return run_html(self.record, self.cells, self.report)
