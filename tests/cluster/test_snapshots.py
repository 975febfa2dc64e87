from pipeline.cluster.member import NEVER, Watched
from pipeline.cluster.snapshots import Snapshots
from pipeline.training.monitor import Snapshot

MEMBERS = ("worker:0", "worker:1")


def after(epoch: int) -> Snapshot:
    return Snapshot((), epoch, (), (), (), ())


def test_newest_is_the_last_that_all_members_have() -> None:
    snapshots = Snapshots(MEMBERS)
    snapshots.add("worker:0", [after(1), after(2)])
    snapshots.add("worker:1", [after(2), after(3)])

    assert snapshots.newest() == {"worker:0": after(2), "worker:1": after(2)}


def test_members_without_a_common_snapshot_begin_at_the_beginning() -> None:
    snapshots = Snapshots(MEMBERS)
    snapshots.add("worker:0", [after(1)])

    assert snapshots.newest() == {"worker:0": None, "worker:1": None}


def test_common_snapshot_stays_while_the_next_is_incomplete() -> None:
    snapshots = Snapshots(MEMBERS)
    for member in MEMBERS:
        snapshots.add(member, [after(1)])
    snapshots.add("worker:0", [after(2)])

    assert snapshots.newest() == {"worker:0": after(1), "worker:1": after(1)}
    assert [snapshots.last(member) for member in MEMBERS] == [(0, 2), (0, 1)]


def test_member_without_a_snapshot_is_asked_for_all() -> None:
    assert Snapshots(MEMBERS).last("worker:0") == NEVER < after(0).at


def test_member_keeps_its_last_two_until_they_are_asked_for() -> None:
    monitor = Watched(None)
    for epoch in (1, 2, 3):
        monitor.keep(after(epoch))

    assert monitor.kept == (after(2), after(3))
