"""Energy, where the processor counts it: Linux shows Intel's and AMD's counters (RAPL) as files."""

from pathlib import Path

COUNTERS = Path("/sys/class/powercap")


class Meter:
    """Reads the packages' counters below `folder`; without any that can be read it tells nothing."""

    def __init__(self, folder: Path = COUNTERS) -> None:
        found = sorted(folder.glob("intel-rapl:*/energy_uj"))
        packages = [counter for counter in found if counter.parent.name.count(":") == 1]  # the others are parts of them
        readable = all(_read(counter) is not None for counter in packages)
        self._counters = packages if readable else []

    def read(self) -> tuple[int, ...]:
        """Each package's microjoules so far."""
        return tuple(_read(counter) or 0 for counter in self._counters)

    def since(self, before: tuple[int, ...]) -> float | None:
        """Joules since `before`; None where nothing is counted."""
        if not self._counters:
            return None
        return sum(map(_spent, self._counters, before, self.read())) / 1e6


def _spent(counter: Path, before: int, after: int) -> int:
    """A counter begins anew when it is full."""
    size = _read(counter.with_name("max_energy_range_uj")) or 0
    return after - before + (size if after < before else 0)


def _read(file: Path) -> int | None:
    try:
        return int(file.read_text())
    except (OSError, ValueError):
        return None
