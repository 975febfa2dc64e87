import msgspec
import pytest
from golden_run import GOLDEN

from pipeline.analysis import analyse, answer_claims
from pipeline.records import Run
from pipeline.report import render


@pytest.fixture(scope="session")
def golden() -> Run:
    """The golden run as it lies on disk."""
    return msgspec.json.decode((GOLDEN / "run.json").read_bytes(), type=Run)


@pytest.fixture(scope="session")
def files(golden: Run) -> dict[str, bytes]:
    return rendered(golden)


def rendered(run: Run) -> dict[str, bytes]:
    summaries = analyse(run)
    return render(run, summaries, answer_claims(run, summaries))


@pytest.fixture(scope="session")
def render_run():
    """Analyses and renders a run."""
    return rendered
