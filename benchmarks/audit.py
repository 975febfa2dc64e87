"""Are the locked dependencies pinned with hashes, and is any known to be vulnerable?

    python benchmarks/audit.py PIP_AUDIT [LOCK]

PIP_AUDIT is pip-audit's command.  Exit code 0: pinned, and none is known to be vulnerable; 1: one isn't pinned, or is
vulnerable; 2: some could not be looked up.  pip-audit itself ends with 0 where it could look up none of them.
"""

import json
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

_PIN = re.compile(r"(?P<name>[A-Za-z0-9_.\[\]-]+)==\S+")
_HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}\b")


def unpinned(lock: str) -> list[str]:
    """The requirements of the lock that lack a version or a hash."""
    requirements = re.split(r"(?<!\\)\n", "\n".join(line for line in lock.splitlines() if not line.startswith("#")))
    return [line.split()[0] for line in requirements if line.strip() and not (_PIN.match(line) and _HASH.search(line))]


def verdict(found: Sequence[Mapping[str, Any]]) -> tuple[int, list[str]]:
    """The exit code and what to print, from pip-audit's list of dependencies."""
    vulnerable = [item for item in found if item.get("vulns")]
    skipped = [item for item in found if "skip_reason" in item]
    lines = [f"{item['name']} {item['version']}: {vuln['id']}" for item in vulnerable for vuln in item["vulns"]]
    lines += [f"not looked up: {item['name']}: {item['skip_reason']}" for item in skipped[:3]]
    looked_up = len(found) - len(skipped)
    lines.append(f"{looked_up} of {len(found)} packages looked up, {len(vulnerable)} known to be vulnerable")
    if skipped or not found:
        lines.append("NOT AUDITED: run this where the advisory service of the package index can be reached")
    return (1 if vulnerable else 2 if skipped or not found else 0), lines


def looked_up(command: str, lock: Path) -> list[Mapping[str, Any]]:
    """What pip-audit says of each locked package; nothing where it can't say anything."""
    options = ["-r", str(lock), "--disable-pip", "--require-hashes", "-f", "json", "--progress-spinner", "off"]
    done = subprocess.run([command, *options], capture_output=True, text=True, check=False)
    try:
        found: list[Mapping[str, Any]] = json.loads(done.stdout)["dependencies"]
    except (ValueError, KeyError):
        print("\n".join(done.stderr.splitlines()[-1:]))
        return []
    return found


def main(command: str, lock: str = "requirements.lock") -> int:
    """Prints both answers."""
    loose = unpinned(Path(lock).read_text(encoding="utf-8"))
    print(f"{lock}: {'every package pinned with hashes' if not loose else 'not pinned: ' + ', '.join(loose)}")
    code, lines = verdict(looked_up(command, Path(lock)))
    print("\n".join(lines))
    return 1 if loose else code


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
