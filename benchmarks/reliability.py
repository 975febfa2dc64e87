"""docs/reliability.md from what a run of the tests of faults saw.

    make chaos
    python -m benchmarks.reliability runs/chaos.xml […] > docs/reliability.md

Every test with the marker `fault(what, outcome)` is a row.  Exits with 1 if one of them failed.
"""

import os
import platform
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

from pipeline.records import REMEDIES, Retries

HEAD = """\
# What a run survives

Faults that tests do to real runs: processes are killed, disks are full. The table is made by `make chaos` from what it
saw; `long` tests are left out of CI. Whatever happens, the same command resumes: nothing that is finished is lost or
run again, and evidence and report end up as without the fault, bit for bit in all that training gives.

"""
TAIL = """
## Failures by category

A trial that gives no evidence is named in the report, in `junit.xml` and on the terminal, and the exit code is 4.

| category | tried again (`retries.*`) | remedy |
|---|---|---|
{categories}

A trial that is tried again is the same trial: its evidence replaces the failure and counts once. Gangs have
`gangs.restarts` instead. A new `parity run` tries what failed once more.

## Inside a trial

A train trial of one process is kept every `trials.snapshot_seconds`, and at less than a twentieth of its time: weights,
optimizer slots, states of random draws, and how much of the epoch is done. The driver writes it to `snapshots/` in the
run directory and removes it with the evidence. SIGTERM to a worker, and to the driver, keeps it first.

| | resumes at | bitwise as if undisturbed |
|---|---|---|
| own loop, `default`, `one_device`, `mirrored`, `central_storage` | the last call of the compiled step | yes |
| `fit`, the same strategies | the last epoch | yes; not tf_keras' own `Dropout` layers |
| gangs, which restart as a whole | the last epoch, while the driver lives | yes; not `coordination: async` |
| `tpu` | the last call of the compiled step | never run on a TPU |
| certificates, article examples, timings | their beginning | – |
| `--executor local`: kept, not watched, never tried again | as above, without SIGTERM | as above |
| over `ray://` | their beginning: such a trial is neither watched nor kept | – |
"""


class Row(NamedTuple):
    """A fault, what becomes of the run, the test, and how it went."""

    what: str
    outcome: str
    test: str
    seconds: float
    passed: bool


def rows(junit: Path) -> Iterator[Row]:
    """In the order of the file."""
    for case in ElementTree.parse(junit).getroot().iter("testcase"):
        told = [(each.get("name"), each.get("value", "")) for each in case.iter("property")]
        test = next((value for name, value in told if name == "test"), "")
        passed = not any(case.findall(kind) for kind in ("failure", "error", "skipped"))
        for name, value in told:
            if name == "fault":
                what, _, outcome = value.partition(" → ")
                yield Row(what, outcome, test, float(case.get("time", "0")), passed)


def page(found: list[Row]) -> str:
    """The whole document."""
    listed = "\n".join(
        f"| {row.what} | {row.outcome} | {_place(row.test)} | {_seen(row)}, {row.seconds:.0f} s |" for row in found
    )
    categories = "\n".join(
        f"| {category} | {Retries().of(category) or 'never'} | {remedy} |" for category, remedy in REMEDIES.items()
    )
    machine = f"Last run on {platform.system()} {platform.machine()}, {_cpu()}, {os.cpu_count()} cores, "
    made = f"Python {platform.python_version()}: {sum(row.passed for row in found)} of {len(found)} held.\n\n"
    table = f"| fault | what happens | test | seen |\n|---|---|---|---|\n{listed}\n"
    return HEAD + machine + made + table + TAIL.format(categories=categories)


def _place(test: str) -> str:
    """`tests/chaos/test_x.py::test_y[z]` as a file, and the test's name in words."""
    file, _, name = test.partition("::")
    return f"`{file}`: {name.partition('[')[0].removeprefix('test_').replace('_', ' ')}"


def _seen(row: Row) -> str:
    return "held" if row.passed else "**failed**"


def _cpu() -> str:
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.processor() or "unknown processor"


def main(*junits: str) -> int:
    """Prints the page of these runs."""
    found = [row for junit in junits for row in rows(Path(junit))]
    print(page(found), end="")
    return int(not found or not all(row.passed for row in found))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
