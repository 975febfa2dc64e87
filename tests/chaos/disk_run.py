"""Runs the command line on a disk of its own, which fills up or becomes read-only, and is mended; prints what it saw.

    unshare --mount python disk_run.py FAULT FOLDER

The disk is mounted where nobody else sees it; what is left of the run is copied to FOLDER.
"""

import json
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from command_line import HERE, Run, stamps

FULL, MENDED = "size=200k", "size=64m"


def mount(*options: str) -> None:
    subprocess.run(["mount", *options], check=True)


def main(fault: str, kept: Path) -> dict[str, object]:
    with tempfile.TemporaryDirectory() as disk:
        mount("-t", "tmpfs", "-o", FULL if fault == "full" else MENDED, "tmpfs", disk)
        run = Run(Path(disk) / "run", ("seeds=[0,1,2,3,4,5,6,7]",), {"PYTHONPATH": HERE})
        evidence = str(Path(disk) / "run" / "evidence")
        if fault == "read-only":
            run.wait_for("evidence/*.json")
            mount("--bind", evidence, evidence)
            mount("-o", "remount,ro,bind", evidence)
        code, _, err = run.end()
        finished = stamps(Path(disk) / "run")
        half = [str(path) for path in Path(disk).rglob("*.tmp")]
        if fault == "read-only":
            subprocess.run(["umount", evidence], check=True)
        mount("-o", f"remount,{MENDED}", disk)
        again = Run(Path(disk) / "run", ("seeds=[0,1,2,3,4,5,6,7]",), {"PYTHONPATH": HERE}).end()
        kept_all = stamps(Path(disk) / "run").items() >= finished.items()
        shutil.copytree(Path(disk) / "run", kept)
        subprocess.run(["umount", disk], check=True)
    return {"code": code, "err": err, "finished": len(finished), "half": half, "again": again[0], "kept": kept_all}


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.default_int_handler)
    print(json.dumps(main(sys.argv[1], Path(sys.argv[2]))))
