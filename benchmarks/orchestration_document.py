"""What benchmarks.orchestration measured, as Markdown: pure."""

import statistics
from collections.abc import Callable, Mapping, Sequence

from benchmarks.orchestration_arms import KERAS_TUNER, LOOP, OURS, REUSED, TUNE, Ran
from benchmarks.orchestration_books import Books, further

Rounds = Sequence[Mapping[str, Ran]]  # by arm
Goal = tuple[str, Callable[[Mapping[str, Ran], int], float], float, bool]  # name, of a round, limit, less is better

NAMES: Mapping[str, str] = {
    OURS: "ours",
    TUNE: "Ray Tune as its users run it: a function, a new process for each trial",
    REUSED: "Ray Tune, `reuse_actors=True`",
    LOOP: "a bare loop in one process",
    KERAS_TUNER: "KerasTuner, random search, one process",
}
TITLES: Mapping[str, str] = {
    "real": "Trials of 1 s: build, compile and train a Keras model",
    "short": "Trials of 0.1 s: train a compiled model further",
    "empty": "Empty trials: scheduling only",
}
NOTES = """Each arm begins in a new process, with nothing imported and no Ray; two trials run at a time, each with one
CPU and one thread, but in the two arms of one process. Ray gives its workers the niceness 15, in our arm as in Tune's.
Ray Tune in a new process for each trial is measured on few of them, because each takes seconds: its figures a trial
are comparable, its wall time is not."""
MOST_MIB, LEAST_RATE, MOST_PLAN_SECONDS, MOST_GROWTH = 300, 1000, 5, 1.1


def over_ideal(ran: Mapping[str, Ran], cores: int) -> float:
    """Our wall time over work / cores + one start."""
    return ran[OURS].wall / ran[OURS].ideal(cores)


def faster_than(arm: str) -> Callable[[Mapping[str, Ran], int], float]:
    """How many times the seconds a trial of ours the arm's are, both once the first trial has begun."""
    return lambda ran, _: ran[arm].steady / ran[OURS].steady


IDEAL = "wall / ideal (work / cores + one start)"
GOALS: Mapping[str, Sequence[Goal]] = {
    "real": ((IDEAL, over_ideal, 1.10, True),),
    "short": (
        (IDEAL, over_ideal, 1.25, True),
        ("times faster than Ray Tune as its users run it", faster_than(TUNE), 15.0, False),
        ("times faster than Ray Tune with reused actors", faster_than(REUSED), 1.0, False),
    ),
    "empty": (),
}


def document(about: str, cores: int, measured: Mapping[str, Rounds], growth: Mapping[str, Sequence[Books]]) -> str:
    """The whole page."""
    parts = ["# Orchestration: what running trials costs beside the trials", about, NOTES]
    parts += [section(name, rounds, cores) for name, rounds in measured.items()]
    return "\n\n".join([*parts, books(growth)])


def section(name: str, rounds: Rounds, cores: int) -> str:
    """One size: every arm, then what was asked for."""
    rows = [_arm(arm, rounds) for arm in NAMES]
    header = "| | trials a round | wall, s | until the first began, s | ms a trial after that | over ours |"
    parts = [
        f"## {TITLES[name]}",
        f"{len(rounds)} rounds.",
        "\n".join([header, "|---|---:|---:|---:|---:|---:|", *rows]),
    ]
    if GOALS[name]:
        goals = [_goal(goal, rounds, cores) for goal in GOALS[name]]
        parts.append("\n".join(["| ours | measured | asked for | |", "|---|---:|---:|---|", *goals]))
    return "\n\n".join(parts)


def _arm(arm: str, rounds: Rounds) -> str:
    ran = [each[arm] for each in rounds]
    wall, start = (statistics.median(values) for values in ([r.wall for r in ran], [r.start for r in ran]))
    ratio = "" if arm == OURS else spread([faster_than(arm)(each, 0) for each in rounds])
    steady = spread([1000 * each.steady for each in ran])
    return f"| {NAMES[arm]} | {ran[0].trials:,} | {wall:.1f} | {start:.1f} | {steady} | {ratio} |"


def _goal(goal: Goal, rounds: Rounds, cores: int) -> str:
    name, of_round, limit, less = goal
    found = [of_round(ran, cores) for ran in rounds]
    middle = statistics.median(found)
    met = middle <= limit if less else middle >= limit
    return f"| {name} | {spread(found)} | {'≤' if less else '≥'} {limit:g} | {'met' if met else 'not met'} |"


def books(growth: Mapping[str, Sequence[Books]]) -> str:
    """What a trial costs the driver, against their number."""
    rows = []
    for what, title in BOOKS.items():
        found = growth.get(what, ())
        for before, each in zip([None, *found], found, strict=False):
            cost = f"{1000 * further(before, each):.3f}" if before else ""
            mib = " | ".join(f"{held:,.0f}" if held else "" for held in (each.running_mib, each.mib))
            rows.append(f"| {title} | {each.trials:,} | {each.seconds:.1f} | {each.rate:,.0f} | {cost} | {mib} |")
    header = "| | trials | whole command, s | trials/s | ms a further trial | MiB while they ran | with the report |"
    asked = [_asked(*each) for each in _needs(growth)]
    parts = [
        "## Against their number",
        BOOKS_TEXT,
        "![Milliseconds of the driver for a further trial, against the number of trials](orchestration.png)",
        "\n".join([header, "|---|---:|---:|---:|---:|---:|---:|", *rows]),
        "\n".join(["| | measured | asked for | |", "|---|---:|---:|---|", *asked]),
    ]
    return "\n\n".join([*parts, BOOKS_WHY])


BOOKS: Mapping[str, str] = {
    "plan": "`parity plan`",
    "record": "`parity run`, evidence ready at once",
    "run": "`parity run` on Ray, empty trials",
}
BOOKS_TEXT = (
    "Trials a second are those while trials run, with the start of Ray and of its workers; of `parity plan`, of the "
    "command.  The whole command has the verdicts and the report as well.  A further trial is one more than in the row "
    "above: what it costs does not depend on a start.  MiB are the driver's, at the most.  Of three times each the "
    "middle one, on Ray of one."
)
BOOKS_WHY = (
    "Where a trial's time goes when its evidence is ready at once, as cProfile showed it of 3,000 trials, once, on two "
    "idle cores of an AMD EPYC, 2026-11-23: 69 % its record, a third of that waiting for the disk (fsync of the file "
    "and of its folder), and 28 % TensorBoard, which has the first 500 trials, at 2.3 ms each. Beside other work that "
    "writes, waiting for the disk was 88 %. The rate follows the disk: that day one run by itself recorded 10,000 "
    "trials at 1,454 a second, another, among others as here, at 965. The report's memory is that of all evidence at "
    "once."
)


def _needs(growth: Mapping[str, Sequence[Books]]) -> list[tuple[str, float, float, bool]]:
    """(What, measured, limit, whether less is better)."""
    plan, record, run = (growth[what] for what in BOOKS)
    return [
        (f"`parity plan` of {plan[-1].trials:,} trials, s", plan[-1].seconds, MOST_PLAN_SECONDS, True),
        (f"planned and recorded of {record[-1].trials:,}, trials/s", together(plan, record), LEAST_RATE, False),
        (f"driver's memory while {run[-1].trials:,} trials ran, MiB", run[-1].running_mib, MOST_MIB, True),
        (f"driver's memory at {run[-1].trials:,} trials, the report with it, MiB", run[-1].mib, MOST_MIB, True),
        ("bookkeeping: a further trial of the most over one of the fewer", _grown(record), MOST_GROWTH, True),
        ("on Ray: a further trial of the most over one of the fewer", _grown(run), MOST_GROWTH, True),
    ]


def together(plan: Sequence[Books], record: Sequence[Books]) -> float:
    """Trials a second that are planned and recorded; planning without the command's own start."""
    start = plan[0].seconds - plan[0].trials * further(plan[0], plan[-1])
    planned = next(each for each in plan if each.trials == record[-1].trials)
    return record[-1].trials / (max(0.0, planned.seconds - start) + record[-1].running)


def _grown(found: Sequence[Books]) -> float:
    few, more, most = found[0], found[len(found) // 2], found[-1]
    return further(more, most) / further(few, more)


def _asked(what: str, measured: float, limit: float, less: bool) -> str:
    met = measured <= limit if less else measured >= limit
    shown = f"{measured:,.0f}" if measured >= 100 else f"{measured:.2f}"
    return f"| {what} | {shown} | {'≤' if less else '≥'} {limit:,g} | {'met' if met else 'not met'} |"


def spread(values: Sequence[float]) -> str:
    """Median [least, most]."""
    return f"{_short(statistics.median(values))} [{_short(min(values))}, {_short(max(values))}]"


def _short(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"
