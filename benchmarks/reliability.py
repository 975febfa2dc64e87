"""docs/reliability.md from the tests' markers `fault(what, outcome)` and what a run of these tests saw.

    make chaos
    python -m benchmarks.reliability runs/chaos.xml […] [--note "in parts"] > docs/reliability.md

Every marker is a row.  Exits with 1 if a test of them failed, or did not run.
"""

import argparse
import ast
import os
import platform
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

from pipeline.records import REMEDIES, Retries

HEAD = """\
# What a run survives

Faults that tests do to real runs: processes are killed, disks are full. The table is made by `make chaos` from what it
saw; `long` tests are left out of CI. Whatever happens, the same command resumes: nothing that is finished is lost or
run again, and evidence and report end up as without the fault, bit for bit in all that training gives.

After each test of gangs no process of theirs, no placement group and no port that they had is left. Whether memory of a
GPU is left has not been seen: no GPU was there. A long run of many trials, of which some kill their worker, is
[the soak](benchmarks/soak.md).

"""
TABLE = "| fault | what happens | test | seen |\n|---|---|---|---|\n"
HELD = "held"
ROOT = Path(__file__).parents[1]
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
| `--executor local`: kept, never tried again | as above, without SIGTERM | as above |
| over `ray://` | their beginning: such a trial is neither watched nor kept | – |

With `--executor local` trials run in the driver's own process, so that no deadline (`trials.*`) holds: nobody could end
one that hangs but Ctrl-C, which is heard at each call of the compiled step and between two trials.
"""


class Row(NamedTuple):
    """A fault, what becomes of the run, the test, and how it went: cells of the table."""

    what: str
    outcome: str
    test: str
    seen: str

    @property
    def held(self) -> bool:
        """Whether the test passed."""
        return self.seen.startswith(HELD)


class Case(NamedTuple):
    """A test's case, as junit has it, with its faults: `what → outcome`."""

    test: str
    faults: tuple[str, ...]
    seconds: float
    passed: bool


class Fault(NamedTuple):
    """What a marker `fault` says, and the test that has it: `tests/chaos/test_x.py::test_y`."""

    what: str
    outcome: str
    test: str


def cases(junit: Path) -> Iterator[Case]:
    """Those that the tests told of, in the order of the file."""
    for case in ElementTree.parse(junit).getroot().iter("testcase"):
        told = [(each.get("name"), each.get("value", "")) for each in case.iter("property")]
        test = next((value for name, value in told if name == "test"), "")
        met = tuple(value for name, value in told if name == "fault")
        passed = not any(case.findall(kind) for kind in ("failure", "error", "skipped"))
        yield Case(test, met, float(case.get("time", "0")), passed)


def faults(root: Path) -> Iterator[Fault]:
    """Of every test below this folder, as their source says."""
    for file in sorted((root / "tests").rglob("test_*.py")):
        for test in ast.parse(file.read_text(encoding="utf-8")).body:
            if isinstance(test, ast.FunctionDef) and test.name.startswith("test_"):
                for call in (node for decorator in test.decorator_list for node in ast.walk(decorator)):
                    if isinstance(call, ast.Call) and ast.unparse(call.func) == "pytest.mark.fault":
                        what, outcome = (ast.literal_eval(argument) for argument in call.args)
                        yield Fault(what, outcome, f"{file.relative_to(root).as_posix()}::{test.name}")


def rows(marked: Iterable[Fault], found: Iterable[Case]) -> list[Row]:
    """One for each fault; the cases of its test that met it are together, and may not have run at all."""
    met: dict[tuple[str, str], list[Case]] = {}
    for case in found:
        for told in case.faults:
            met.setdefault((case.test.partition("[")[0], told), []).append(case)
    return [
        Row(what, outcome, place(test), _seen(met.get((test, f"{what} → {outcome}"), [])))
        for what, outcome, test in marked
    ]


def place(test: str) -> str:
    """`tests/chaos/test_x.py::test_y` as a file, and the test's name in words."""
    file, _, name = test.partition("::")
    return f"`{file}`: {name.removeprefix('test_').replace('_', ' ')}"


def page(listed: Sequence[Row], seen_on: str) -> str:
    """The whole document; `seen_on` says when, where and how."""
    table = "".join(f"| {' | '.join(row)} |\n" for row in listed)
    categories = "\n".join(
        f"| {category} | {Retries().of(category) or 'never'} | {remedy} |" for category, remedy in REMEDIES.items()
    )
    held = f"{sum(row.held for row in listed)} of {len(listed)} held."
    return f"{HEAD}{seen_on}: {held}\n\n{TABLE}{table}{TAIL.format(categories=categories)}"


def read(document: str) -> tuple[list[Row], str]:
    """What `page` made this of."""
    seen_on, _, rest = document.removeprefix(HEAD).rpartition(TABLE)
    listed = [line.strip("| ").split(" | ") for line in rest.partition("\n\n")[0].splitlines()]
    return [Row(*cells) for cells in listed], seen_on.rpartition(": ")[0]


def _seen(some: Sequence[Case]) -> str:
    if not some:
        return "not run"
    return f"{HELD if all(case.passed for case in some) else '**failed**'}, {sum(case.seconds for case in some):.0f} s"


def here(junit: Path, note: str) -> str:
    """When the tests ran and where, and what else there is to say."""
    suite = next(ElementTree.parse(junit).getroot().iter("testsuite"))
    day = suite.get("timestamp", "").partition("T")[0]
    machine = f"{platform.system()} {platform.machine()}, {_cpu()}, {os.cpu_count()} cores"
    return f"Seen {day} on {machine}, Python {platform.python_version()}{note and f', {note}'}"


def _cpu() -> str:
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.processor() or "unknown processor"


def main() -> int:
    """Prints the page of these runs."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("junits", nargs="+", type=Path)
    parser.add_argument("--note", default="", help="what else the page is to say of the run")
    given = parser.parse_args()
    listed = rows(faults(ROOT), (case for junit in given.junits for case in cases(junit)))
    print(page(listed, here(given.junits[0], given.note)), end="")
    return int(not all(row.held for row in listed))


if __name__ == "__main__":
    sys.exit(main())
