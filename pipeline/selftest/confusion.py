"""What a comparison said of pairs whose truth is known: counts, and each pair it got wrong or left open."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Literal

from pipeline.records import Record
from pipeline.selftest.pair import LEVELS, Level, Split, Truth

Verdict = Literal["proven", "identical", "equivalent", "different", "inconclusive", "failed"]
VERDICTS: tuple[Verdict, ...] = ("proven", "identical", "equivalent", "different", "inconclusive", "failed")
SAID_SAME = frozenset({"proven", "identical", "equivalent"})
MOST_INCONCLUSIVE = 0.1  # of all pairs


class Judged(Record, frozen=True):
    """One pair, its truth, and what was said of it.  "failed": the comparison raised, died or ran out of time."""

    name: str
    frontend: str
    split: Split
    truth: Truth
    level: Level
    verdict: Verdict
    said_level: str = ""
    detail: str = ""
    seconds: float = 0.0

    @property
    def wrong(self) -> bool:
        """A different pair was called the same, or the same one different."""
        return self.verdict in SAID_SAME if self.truth == "different" else self.verdict == "different"

    @property
    def open(self) -> bool:
        """Neither the same nor different was said."""
        return self.verdict in ("inconclusive", "failed")


class Confusion(Record, frozen=True):
    """All judged pairs, in the order of the bank."""

    judged: tuple[Judged, ...]

    @property
    def wrong(self) -> tuple[Judged, ...]:
        return tuple(one for one in self.judged if one.wrong)

    @property
    def inconclusive(self) -> tuple[Judged, ...]:
        """Also those whose comparison failed: no answer is no answer."""
        return tuple(one for one in self.judged if one.open)

    @property
    def passed(self) -> bool:
        """Nothing wrong, nothing failed, and at most a tenth inconclusive; of no pairs at all, no."""
        failed = any(one.verdict == "failed" for one in self.judged)
        few_open = len(self.inconclusive) <= MOST_INCONCLUSIVE * len(self.judged)
        return bool(self.judged) and not self.wrong and not failed and few_open

    def counts(self, split: Split | None = None) -> Mapping[tuple[Truth, Level, Verdict], int]:
        """How many pairs of a truth and a level got a verdict."""
        chosen = (one for one in self.judged if split in (None, one.split))
        return Counter((one.truth, one.level, one.verdict) for one in chosen)

    def render(self) -> str:
        """The tables and lists as plain text."""
        tables = [_table(self, split) for split in ("tuned", "held_out")]
        different = [one for one in self.judged if one.truth == "different" and one.verdict == "different"]
        right_level = sum(one.level == one.said_level for one in different)
        slowest = max((one.seconds for one in self.judged), default=0.0)
        summary = (
            f"{len(self.judged)} pairs: {len(self.wrong)} wrong, {len(self.inconclusive)} inconclusive or failed; "
            f"first level as expected in {right_level} of {len(different)} found different; slowest {slowest:.1f} s\n"
            f"{'PASSED' if self.passed else 'NOT PASSED'}"
        )
        return "\n\n".join([*tables, *_lists(self), summary]) + "\n"


def _table(confusion: Confusion, split: Split) -> str:
    counts = confusion.counts(split)
    rows: list[tuple[Truth, Level]] = [("same", ""), *(("different", level) for level in LEVELS)]
    header = f"{split.replace('_', ' '):<22}" + "".join(f"{verdict:>14}" for verdict in VERDICTS)
    lines = [
        f"{truth + (f' at {level}' if level else ''):<22}"
        + "".join(f"{counts.get((truth, level, verdict), 0):>14}" for verdict in VERDICTS)
        for truth, level in rows
    ]
    return "\n".join([header, *lines])


def _lists(confusion: Confusion) -> Iterable[str]:
    for title, ones in (("Wrong", confusion.wrong), ("Inconclusive or failed", confusion.inconclusive)):
        if ones:
            yield "\n".join([f"{title}:", *(f"  {_line(one)}" for one in ones)])


def _line(one: Judged) -> str:
    truth = f"{one.truth} at {one.level}" if one.level else one.truth
    said = f"{one.verdict} at {one.said_level}" if one.said_level else one.verdict
    detail = f": {one.detail}" if one.detail else ""
    return f"{one.name} ({one.frontend}, {one.split.replace('_', ' ')}) is {truth}, said {said}{detail}"
