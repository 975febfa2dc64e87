"""What a thousand nodes and a million trials would need: a simulation fed by what the driver's work costs here.

    python -m benchmarks.cluster_simulation --costs FILE [--output FILE]      (what benchmarks.cluster_costs printed)

Expect     a Markdown document, in a minute.  benchmarks.cluster_model says what is simulated and what is not.
"""

import argparse
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import msgspec

from benchmarks.cluster_model import SIGN_SECONDS, Cluster, Costs, capacity, simulate

TRIALS, NODES = 1_000_000, 1_000
LENGTHS = (1.0, 10.0)
LONG = 60.0  # seconds of the trials that an object store is told for
SIZES = (1, 10, 100, 1_000)
PUT_SECONDS = 0.05  # to put one object into a store; an assumption
TURNS = 3  # trials that each slot runs in a simulation
GIB = 2**30

TITLE = "# A thousand nodes, a million trials: a simulation"
ABOUT = """`python -m benchmarks.cluster_costs > docs/benchmarks/thousand_nodes.json`, measured on two cores of an AMD
EPYC, CPU only, nothing else at work; then `python -m benchmarks.cluster_simulation --costs
docs/benchmarks/thousand_nodes.json --output docs/benchmarks/thousand_nodes.md`.

What `parity run` would do on clusters that we never had, from what its parts cost where we measured them. Not a
measurement: it says what one driver can keep up with, and nothing of Ray's own limits. The docstring of
[benchmarks/cluster_model.py](../../benchmarks/cluster_model.py) says what is simulated and what is not."""
TABLE = """Wall time over ideal (one start, and the work spread over the CPUs), and in brackets the share of the time
that the driver is busy, in runs of three trials for each CPU. At 100 % the driver, and not the cluster, sets the
pace."""


def document(costs: Costs) -> str:
    """The page."""
    points = enumerate([_rate(costs), _memory(costs), _store(costs), _signs(costs), _ray()], start=1)
    parts = [
        *(TITLE, ABOUT, "## What the driver's work costs", _costs(costs)),
        *("## One driver, 8 CPUs a node", TABLE, _table(costs)),
        *("## What breaks first", "\n".join(f"{number}. {point}" for number, point in points)),
    ]
    return "\n\n".join(parts)


def _costs(costs: Costs) -> str:
    rows = [
        ("hand a trial to Ray", f"{1e6 * costs.submit:,.0f} µs"),
        ("look at one trial in Ray's hands, each turn", f"{1e6 * costs.look:,.1f} µs"),
        ("hear a message", f"{1e6 * costs.message:,.0f} µs"),
        ("keep a record, on this disk", f"{1e6 * costs.record:,.0f} µs"),
        ("start of a worker (Ray and TensorFlow imported)", f"{costs.start:.1f} s"),
        ("a planned trial in memory", f"{costs.planned_bytes / 1024:,.1f} KiB"),
        ("a trial in memory, when its run's report is made", f"{costs.reported_bytes / 1024:,.1f} KiB"),
    ]
    return _lines("| | |\n|---|---:|", rows)


def _table(costs: Costs) -> str:
    rows = []
    for seconds in LENGTHS:
        found = [simulate(cluster, TURNS * cluster.slots, seconds, costs) for cluster in map(Cluster, SIZES)]
        rows.append((f"{seconds:g} s", *(f"{each.over_ideal:.2f} ({100 * each.busy:.0f} %)" for each in found)))
    return _lines(f"| trials of | {' | '.join(f'{n:,} nodes' for n in SIZES)} |\n|---|{'---:|' * len(SIZES)}", rows)


def _lines(header: str, rows: Sequence[Sequence[str]]) -> str:
    return "\n".join([header, *(f"| {' | '.join(row)} |" for row in rows)])


def _rate(costs: Costs) -> str:
    parts = {"its record": costs.record, "handing it to Ray": costs.submit, "hearing of it": 2 * costs.message}
    most = max(parts, key=lambda name: parts[name])
    each, cluster = sum(parts.values()), Cluster(NODES)
    hours = TRIALS * each / 3600
    return (
        f"**The driver's pace.** A trial takes {1000 * each:.2f} ms of the one driver, most of it {most}: "
        f"{1 / each:,.0f} trials a second. {NODES:,} nodes of {cluster.cpus} CPUs are kept busy by trials of "
        f"{cluster.slots * each:,.0f} s or more; {TRIALS:,} trials take {hours:.1f} hours at least, however many "
        "nodes there are. Shorter trials need several drivers, each with a part of the cells and a run directory of "
        "its own: a config for each part does that today, one run does not."
    )


def _signs(costs: Costs) -> str:
    cluster = Cluster(NODES)
    share = cluster.slots * costs.message / SIGN_SECONDS
    slots = {length: capacity(costs, length, SIGN_SECONDS) for length in (*LENGTHS, LONG)}
    limits = ", ".join(f"{most:,.0f} CPUs at trials of {length:g} s" for length, most in slots.items())
    return (
        f"**Signs of life.** Every running trial sends one every {SIGN_SECONDS:g} s. Those of {NODES:,} nodes take "
        f"{100 * share:.0f} % of the driver; more than {SIGN_SECONDS / costs.message:,.0f} running trials it could not "
        f"hear, however long they take. With beginnings, outcomes and records it keeps up with {limits}."
    )


def _memory(costs: Costs) -> str:
    plan, records = (TRIALS * size / GIB for size in (costs.planned_bytes, costs.reported_bytes))
    return (
        f"**The driver's memory.** {TRIALS:,} trials take {plan:.1f} GiB as a plan, and {records:.0f} GiB when the "
        "report is made: a report of so many needs a machine of its own, or a part of the cells at a time."
    )


def _store(costs: Costs) -> str:
    stored = capacity(replace(costs, record=PUT_SECONDS), LONG, SIGN_SECONDS)
    return (
        f"**An object store for the run directory.** If it takes {1000 * PUT_SECONDS:g} ms to put a record there, one "
        f"at a time, a driver keeps up with {stored:,.0f} CPUs at trials of {LONG:g} s instead of "
        f"{capacity(costs, LONG, SIGN_SECONDS):,.0f}."
    )


def _ray() -> str:
    return (
        "**Ray.** Its own list of what it was tried with (release/benchmarks in its repository, in the version that "
        "we read) has more than 250 nodes with trivial tasks, more than 10,000 tasks that run at the same time and a "
        "million tasks queued on one node. Our driver hands it twice what can run at once, "
        f"{2 * Cluster(NODES).slots:,} here, and never the whole plan."
    )


def main() -> None:
    """Simulates, prints the document."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--costs", type=Path, required=True, help="what benchmarks.cluster_costs printed")
    parser.add_argument("--output", type=Path)
    chosen = parser.parse_args()
    costs = msgspec.json.decode(chosen.costs.read_bytes(), type=Costs)
    text = document(costs)
    print(text)
    if chosen.output:
        chosen.output.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
