"""What else a machine did, from files such as Linux shows."""

import pytest

from pipeline.timing.contention import TICKS, Snapshot, between, snapshot

CALM = Snapshot(at=100.0, own_cpu=5.0, busy=50.0, steal=1.0, throttled=3, load=0.4, other_trials=0)


def later(seconds: float = 10.0, **changes: object) -> Snapshot:
    """Of a machine on which only this process ran, on one CPU."""
    usual = {"at": CALM.at + seconds, "own_cpu": CALM.own_cpu + seconds, "busy": CALM.busy + seconds}
    return Snapshot(**{**CALM.__dict__, **usual, **changes})


@pytest.fixture
def root(tmp_path):
    """A machine with one quiet Ray worker, a busy one, and another program."""
    for process, line in (("11", b"ray::IDLE\0"), ("12", b"ray::_streamed\0"), ("13", b"sshd\0")):
        (tmp_path / "proc" / process).mkdir(parents=True)
        (tmp_path / "proc" / process / "cmdline").write_bytes(line)
    ticks = " ".join(str(seconds * TICKS) for seconds in (10, 1, 4, 80, 5, 1, 2, 3, 0, 0))
    (tmp_path / "proc" / "stat").write_text(f"cpu  {ticks}\ncpu0 1 1 1 1\n")
    heat = tmp_path / "sys/devices/system/cpu/cpu0/thermal_throttle"
    heat.mkdir(parents=True)
    (heat / "core_throttle_count").write_text("4\n")
    group = tmp_path / "sys/fs/cgroup"
    group.mkdir(parents=True)
    (group / "cpu.stat").write_text("usage_usec 5\nnr_periods 9\nnr_throttled 2\n")
    return tmp_path


def test_busy_time_is_neither_idle_nor_waiting_nor_stolen(root):
    assert snapshot(root).busy == pytest.approx(10 + 1 + 4 + 1 + 2)


def test_stolen_time_is_told_apart(root):
    assert snapshot(root).steal == pytest.approx(3)


def test_slow_downs_by_heat_and_by_quota_add_up(root):
    assert snapshot(root).throttled == 6


def test_only_ray_workers_with_a_task_count_as_trials(root):
    assert snapshot(root).other_trials == 1


def test_a_system_that_tells_nothing_is_unknown(tmp_path):
    found = snapshot(tmp_path)
    assert (found.busy, found.throttled) == (None, None)


def test_a_process_alone_is_not_flagged():
    found = between(CALM, later(), cpus=2)
    assert (found.other_cpus, found.flags) == (0.0, ())


def test_what_is_unknown_is_not_flagged():
    before, after = (Snapshot(**{**each.__dict__, "busy": None, "throttled": None}) for each in (CALM, later()))
    found = between(before, after, cpus=2)
    assert (found.other_cpus, found.steal, found.throttled, found.flags) == (None, None, None, ())


@pytest.mark.parametrize(
    ("changes", "flag"),
    [
        ({"busy": CALM.busy + 15.0}, "other processes kept 0.5 CPUs busy"),
        ({"steal": CALM.steal + 1.0}, "the hypervisor took 5 % of the CPU time"),
        ({"throttled": 5}, "slowed down 2 times by a quota or its temperature"),
        ({"other_trials": 1}, "1 other Ray tasks at work"),
    ],
)
def test_what_disturbs_is_flagged(changes, flag):
    assert between(CALM, later(**changes), cpus=2).flags == (flag,)


@pytest.mark.parametrize("changes", [{"busy": CALM.busy + 11.0}, {"steal": CALM.steal + 0.1}])
def test_what_is_below_its_threshold_is_not_flagged(changes):
    assert between(CALM, later(**changes), cpus=2).flags == ()


def test_a_load_of_more_than_the_cpus_is_flagged():
    before = Snapshot(**{**CALM.__dict__, "load": 3.5})
    assert between(before, later(), cpus=2).flags == ("load average 3.5 on 2 CPUs at the beginning",)
