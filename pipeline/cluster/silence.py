"""How long a gang's members, or a process alone, may go without a sign of progress.  Monotonic seconds; pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.records import GangLimits, TrialLimits

PATIENCE = 3  # times the longest time between two beats: a trial of slow steps is not a stuck one


@dataclass
class _Signs:
    """What was heard of one member, and when."""

    answered: float
    changed: float
    beats: int = 0


class Silence:
    """When each member last answered, and when it last made progress.

    The first beat must come within `start_seconds` of `now`, the next within `stall_seconds`, or within PATIENCE
    times the longest interval between two beats that any member has had.
    """

    def __init__(self, members: Sequence[str], limits: GangLimits | TrialLimits, now: float) -> None:
        self._signs = {member: _Signs(now, now) for member in members}
        self._limits = limits
        self._longest = 0.0

    def heard(self, member: str, beats: int, now: float) -> None:
        """The member answered that it has made so many beats."""
        signs = self._signs[member]
        signs.answered = now
        if beats == signs.beats:
            return
        if signs.beats:
            self._longest = max(self._longest, now - signs.changed)
        signs.beats, signs.changed = beats, now

    def pardon(self, seconds: float) -> None:
        """Nobody listened for so long: it was not their silence."""
        for signs in self._signs.values():
            signs.answered += seconds
            signs.changed += seconds

    def broken(self, members: Sequence[str], now: float) -> str:
        """What there is to say of each of the members, if one of them has been silent for too long; else ""."""
        if not any(now - self._signs[member].changed > self._allowed(member) for member in members):
            return ""
        return "; ".join(f"{member} {_how(self._signs[member], now)}" for member in members)

    def _allowed(self, member: str) -> float:
        if not self._signs[member].beats:
            return self._limits.start_seconds
        return max(self._limits.stall_seconds, PATIENCE * self._longest)


def _how(signs: _Signs, now: float) -> str:
    """A member that is asked many times a second answers many times a second, or not at all."""
    silent, unanswered = now - signs.changed, now - signs.answered
    if unanswered > silent / 2:
        return f"has not answered for {unanswered:.0f} s"
    what = "made no progress" if signs.beats else "not begun to train"
    return f"answers, but has {what} for {silent:.0f} s"
