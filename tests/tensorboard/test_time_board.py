"""Time trials as TensorBoard shows them, read back with its own reader."""

from collections.abc import Callable
from pathlib import Path

import pytest
import time_evidence
from msgspec import structs
from tensorboard.backend.event_processing.event_file_loader import LegacyEventFileLoader

from pipeline.analysis import analyse
from pipeline.records import Run, TimeEvidence
from pipeline.tensorboard.board import Board

CELL = "projection-functional-vs-class-digits-one_device-keras-float32"


def scalars(folder: Path) -> dict[str, dict[int, float]]:
    found: dict[str, dict[int, float]] = {}
    for path in sorted(folder.glob("*tfevents*")):
        for event in LegacyEventFileLoader(str(path)).Load():
            for value in event.summary.value:
                if value.tensor.float_val:
                    found.setdefault(value.tag, {})[event.step] = value.tensor.float_val[0]
    return found


@pytest.fixture
def three_processes() -> tuple[TimeEvidence, ...]:
    return tuple(time_evidence.evidence(process) for process in range(3))


def test_blocks_are_points_of_their_arm_in_the_order_of_the_process(tmp_path: Path, timed: TimeEvidence) -> None:
    Board(tmp_path).outcome(timed)

    found = {
        name: scalars(tmp_path / CELL / "timing-0" / name)["timing/step_us"]
        for name in ("class", "functional", "class-again")
    }
    assert found == {
        "class": dict.fromkeys((1, 6, 7, 12), 100.0),
        "functional": dict.fromkeys((2, 5, 8, 11), pytest.approx(110.0)),
        "class-again": dict.fromkeys((3, 4, 9, 10), 100.0),
    }


def test_what_setting_up_took_is_told_once(tmp_path: Path, timed: TimeEvidence) -> None:
    Board(tmp_path).outcome(timed)

    found = scalars(tmp_path / CELL / "timing-0" / "functional")
    assert found["set_up/trace_seconds/step"] == {0: 0.5}
    assert found["set_up/first_call_seconds/step"] == {0: 0.25}
    assert "set_up/peak_mib" not in found  # of the first arm of a process alone
    assert scalars(tmp_path / CELL / "timing-0" / "class")["set_up/peak_mib"] == {0: 1.0}


def test_ratio_stands_with_its_interval(
    tmp_path: Path, three_processes: tuple[TimeEvidence, ...], run_of: Callable[..., Run]
) -> None:
    run = run_of(*three_processes)
    Board(tmp_path).result(run, analyse(run))

    found = scalars(tmp_path / CELL / "timing")
    assert found["ratio_by_process/step"] == {process: pytest.approx(1.1) for process in range(3)}
    for tag in ("ratio/step", "ratio/step_low", "ratio/step_high"):
        assert found[tag] == {3: pytest.approx(1.1)}
    assert found["control/forward"] == {3: pytest.approx(1.0)}


def test_costs_are_a_markdown_table(
    tmp_path: Path, three_processes: tuple[TimeEvidence, ...], run_of: Callable[..., Run]
) -> None:
    run = run_of(*three_processes)
    Board(tmp_path).result(run, analyse(run))

    events = LegacyEventFileLoader(str(next(tmp_path.glob("*tfevents*")))).Load()
    (text,) = [v.tensor.string_val[0].decode() for e in events for v in e.summary.value if v.tag == "costs"]
    assert text.splitlines()[2] == (
        "| projection functional vs class · digits · one&#95;device · keras · float32 | **measured** | 1.1 [1.1, 1.1] "
        "| 1.1 [1.1, 1.1] | 1 [1, 1] | 3 |  |"
    )


def test_traces_are_where_the_profile_plugin_looks(tmp_path: Path, timed: TimeEvidence) -> None:
    Board(tmp_path).outcome(timed)

    (trace,) = (tmp_path / CELL / "timing-0" / "functional" / "plugins" / "profile").glob("*/*.xplane.pb")
    assert trace.read_bytes() == b"seen"


def test_a_timing_without_traces_has_no_profile(tmp_path: Path, timed: TimeEvidence) -> None:
    Board(tmp_path).outcome(structs.replace(timed, kept={}))

    assert not list(tmp_path.rglob("plugins"))
