"""What a job runs on the cluster: `parity run` into a folder that outlives the job.

    python -m jobs.run CONFIG [key=value ...] --run-dir DIR [--verdict-is-success]

A job's own folder is a cache that Ray empties, so the run directory has to be named.  On Kubernetes a job that fails is
started again on a new cluster (`backoffLimit`); a verdict is no failure, which --verdict-is-success says.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from pipeline import cli, show
from pipeline.run_commands import USAGE_ERROR

VERDICTS = frozenset({0, 1, 2})  # the same, different, inconclusive


def main(argv: Sequence[str] | None = None) -> int:
    """The exit code of `parity run`; 0 for any verdict with --verdict-is-success."""
    parser = argparse.ArgumentParser(prog="python -m jobs.run", description=__doc__.partition("\n")[0], add_help=False)
    parser.add_argument("--run-dir", type=Path, required=True)
    parser.add_argument("--verdict-is-success", action="store_true")
    own, rest = parser.parse_known_args(argv)
    if not own.run_dir.is_absolute():
        show.error(f"--run-dir {own.run_dir}: lies in the job's own folder, which is deleted; give an absolute path")
        return USAGE_ERROR
    code = cli.main(["run", *rest, "--run-dir", str(own.run_dir)])
    return 0 if own.verdict_is_success and code in VERDICTS else code


if __name__ == "__main__":
    sys.exit(main())
