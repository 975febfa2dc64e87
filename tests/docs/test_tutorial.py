"""docs/tutorial.ipynb runs, and the repository has what it prints."""

import importlib.util
import os
import re
from pathlib import Path

import nbformat
import pytest

pytestmark = pytest.mark.timeout(900)  # of the first test, for which the whole notebook runs
ROOT = Path(__file__).parents[2]
NUMBERS = re.compile(r"\d+\.\d+|\b[0-9a-f]{12}\b")


def texts(notebook) -> list[str]:
    """Every output without figures, which seconds and processors change; of a certificate verdict and sentence."""
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    shown = [output.get("text") or output["data"]["text/plain"] for output in outputs]
    return [NUMBERS.sub("#", re.sub(r", baseline=.*", "", text, flags=re.DOTALL)) for text in shown]


@pytest.fixture(scope="module")
def notebooks(tmp_path_factory):
    """(as it is kept, as it comes out of a run here)."""
    folder = tmp_path_factory.mktemp("tutorial")
    (folder / "configs").symlink_to(ROOT / "configs")
    spec = importlib.util.spec_from_file_location("docs_site_tutorial", ROOT / "docs" / "site" / "tutorial.py")
    module = importlib.util.module_from_spec(spec)
    with pytest.MonkeyPatch.context() as patch:
        for name in ("PATH", "PYTHONPATH"):
            patch.setenv(name, os.environ.get(name, ""))
        spec.loader.exec_module(module)
        return nbformat.read(module.NOTEBOOK, as_version=4), module.executed(folder)


def test_every_cell_runs_and_gives_what_is_kept(notebooks):
    kept, made = notebooks
    assert texts(made) == texts(kept), "run `make tutorial`"


def test_the_blocks_are_proven_the_same_and_the_slip_is_found(notebooks):
    shown = texts(notebooks[1])
    assert shown[0].startswith("Certificate(verdict='proven'")
    assert shown[1].startswith("Certificate(verdict='different', level='values'")
