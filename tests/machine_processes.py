"""What runs on this machine."""

from pathlib import Path


def processes_with(variable: str) -> list[str]:
    """The command lines of the processes that have this in their environment."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if variable.encode() in (process / "environ").read_bytes():
                found.append((process / "cmdline").read_text().replace("\0", " "))
        except OSError:  # it has ended
            continue
    return found
