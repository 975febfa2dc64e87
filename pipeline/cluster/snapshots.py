"""What a gang can go on from: the newest snapshots that belong together, one of each member that trains."""

from collections.abc import Iterable, Sequence

from pipeline.cluster.member import NEVER
from pipeline.training.monitor import Snapshot


class Snapshots:
    """Those of one trial, by member, kept on the driver: they outlive the processes that took them."""

    def __init__(self, members: Sequence[str]) -> None:
        self._kept: dict[str, dict[tuple[int, int], Snapshot]] = {member: {} for member in members}

    def add(self, member: str, snapshots: Iterable[Snapshot]) -> None:
        """Keeps them, and drops what is older than the newest that all members have."""
        self._kept[member] |= {snapshot.at: snapshot for snapshot in snapshots}
        common = self._common()
        self._kept = {
            member: {at: snapshot for at, snapshot in own.items() if at >= common} for member, own in self._kept.items()
        }

    def last(self, member: str) -> tuple[int, int]:
        """How far the member's newest one is."""
        return max(self._kept[member], default=NEVER)

    def newest(self) -> dict[str, Snapshot | None]:
        """Each member's own, all of the same `at`; None where they have none in common."""
        common = self._common()
        return {member: own.get(common) for member, own in self._kept.items()}

    def _common(self) -> tuple[int, int]:
        return max(set.intersection(*(set(own) for own in self._kept.values())), default=NEVER)
