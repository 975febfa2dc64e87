"""Inputs of others' making at every door of the program: only its own errors may come out.

    python -m benchmarks.fuzz [--inputs 100000] [--only DOOR] [--seed 0]

Prints how many inputs each door met, how many it refused, and what escaped: where, and the input.  Exit code 1 if
anything did, or if an input took more than 20 seconds.
"""

import argparse
import math
import sys

from benchmarks.fuzz.trying import DOORS, fuzz


def main() -> int:
    """Prints the table; 1 if anything escaped."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--inputs", type=int, default=100_000)
    parser.add_argument("--only", choices=sorted(DOORS), metavar="DOOR")
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    chosen = {name: door for name, door in DOORS.items() if arguments.only in (None, name)}
    each = arguments.inputs / sum(door.share for door in chosen.values())
    tried = escaped = 0
    print(f"{'door':24} {'inputs':>8} {'refused':>8} {'seconds':>8}  escaped")
    for name, door in chosen.items():
        found = fuzz(door, math.ceil(each * door.share), arguments.seed)
        print(f"{name:24} {found.inputs:8} {found.refused:8} {found.seconds:8.1f}  {len(found.escaped)}", flush=True)
        for where, what in found.escaped.items():
            print(f"    {where}\n        {what}", flush=True)
        tried, escaped = tried + found.inputs, escaped + len(found.escaped)
    print(f"{tried} inputs, {escaped} escapes")
    return 1 if escaped else 0


if __name__ == "__main__":
    sys.exit(main())
