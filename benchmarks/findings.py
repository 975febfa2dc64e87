"""What the product found about Keras itself: runs every script of docs/findings and writes the page that lists them.

    python -m benchmarks.findings

Each script has a process of its own.  The page is made of the scripts' docstrings and of what they print.
"""

import ast
import datetime
import os
import platform
import subprocess
import sys
from collections.abc import Mapping
from importlib import metadata
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "docs" / "findings"
PAGE = FOLDER / "README.md"
SECONDS = 300
HEAD = """# What was found about Keras

Each finding is a script that runs by itself and prints what it measures; `make findings` runs them all and writes this
page.
"""


def scripts() -> list[Path]:
    """Every finding, by name."""
    return sorted(FOLDER.glob("*.py"))


def run(script: Path) -> str:
    """What the script prints.  Raises CalledProcessError where it fails, TimeoutExpired where it hangs."""
    quiet = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": "-1"}
    command = [sys.executable, str(script)]
    return subprocess.run(command, env=quiet, capture_output=True, text=True, check=True, timeout=SECONDS).stdout


def page(found: Mapping[Path, str], date: datetime.date) -> str:
    """The whole page."""
    versions = ", ".join(f"{name} {metadata.version(name)}" for name in ("tensorflow", "keras", "tf_keras", "numpy"))
    made = f"{date}, {versions}, Python {platform.python_version()}, {platform.machine()}, CPU only.\n"
    return "\n".join([HEAD, made, *(section(script, printed) for script, printed in found.items())])


def section(script: Path, printed: str) -> str:
    """One finding: its docstring's first line as the heading, the rest, and what it printed."""
    title, _, body = (ast.get_docstring(ast.parse(script.read_text(encoding="utf-8"))) or "").partition("\n\n")
    return f"## {title}\n\n{body}\n\n[{script.name}]({script.name}) prints:\n\n```text\n{printed}```\n"


if __name__ == "__main__":
    measured = {}
    for path in scripts():
        measured[path] = run(path)
        print(f"{path.name}\n{measured[path]}", flush=True)
    PAGE.write_text(page(measured, datetime.datetime.now(datetime.UTC).date()), encoding="utf-8")
    print(PAGE)
