"""Runs docs/tutorial.ipynb and keeps what it prints: make tutorial."""

import os
import re
import shutil
import sys
import tempfile
from pathlib import Path

import nbformat
from nbclient import NotebookClient

ROOT = Path(__file__).parents[2]
NOTEBOOK = ROOT / "docs" / "tutorial.ipynb"
# What TensorFlow says when it starts, in every process, before it can be asked not to.
NOISE = re.compile(r"^(WARNING: All log messages before absl|[IW]0000 ).*\n?", re.MULTILINE)


def executed(folder: Path) -> nbformat.NotebookNode:
    """The notebook, all cells run in a folder that has configs/; nbclient's error for a cell that raises."""
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    paths = {"PATH": str(Path(sys.executable).parent), "PYTHONPATH": str(ROOT)}
    os.environ |= {name: os.pathsep.join(filter(None, [path, os.environ.get(name)])) for name, path in paths.items()}
    NotebookClient(notebook, timeout=600, resources={"metadata": {"path": str(folder)}}).execute()
    for cell in notebook.cells:
        _quieten(cell)
    return notebook


def _quieten(cell: nbformat.NotebookNode) -> None:
    """Leaves away when and how it ran, and TensorFlow's noise."""
    cell.metadata.clear()
    for output in cell.get("outputs", []):
        if output.output_type == "stream":
            output.text = NOISE.sub("", output.text)
    if "outputs" in cell:
        cell.outputs = [output for output in cell.outputs if output.get("text", "there").strip()]


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as temporary:
        shutil.copytree(ROOT / "configs", Path(temporary) / "configs")
        made = executed(Path(temporary))
    made.metadata = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    nbformat.write(made, NOTEBOOK)
