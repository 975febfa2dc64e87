"""What a job runs on the cluster: `parity run` into a folder that outlives the job.

    python -m jobs.run CONFIG [key=value ...] --run-dir DIR [--verdict-is-success] [--needs CPU=8,GPU=1]...

A job's own folder is a cache that Ray empties, so the run directory has to be named.  On Kubernetes a job that fails is
started again on a new cluster (`backoffLimit`); a verdict is no failure, which --verdict-is-success says.
"""

import sys
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from jobs.arguments import Parser
from jobs.scale import Needs, needs, scaled
from pipeline import cli, show
from pipeline.errors import ParityError
from pipeline.parser import USAGE_ERROR
from pipeline.store.place import located

VERDICTS = frozenset({0, 1, 2})  # the same, different, inconclusive


def main(argv: Sequence[str] | None = None) -> int:
    """The exit code of `parity run`; 0 for any verdict with --verdict-is-success."""
    parser = Parser(prog="python -m jobs.run", description=__doc__.partition("\n")[0], add_help=False)
    parser.add_argument("--run-dir", type=located, required=True)
    parser.add_argument("--verdict-is-success", action="store_true")
    parser.add_argument("--needs", type=needs, action="append", default=[])
    own, rest = parser.parse_known_args(argv)
    if isinstance(own.run_dir, Path) and not own.run_dir.is_absolute():
        show.error(f"--run-dir {own.run_dir}: lies in the job's own folder, which is deleted; give an absolute path")
        return USAGE_ERROR
    code = _on_enough([*rest, "--run-dir", str(own.run_dir)], own.needs)
    return 0 if own.verdict_is_success and code in VERDICTS else code


def _on_enough(arguments: Sequence[str], wanted: Sequence[Needs]) -> int:
    """`parity run` while the cluster has places for what is wanted."""
    with ExitStack() as stack:
        try:
            if wanted:
                from pipeline.cluster.session import connected

                stack.enter_context(connected())  # `parity run` uses the same connection
                stack.enter_context(scaled(wanted))
        except ParityError as error:
            show.error(str(error))
            return USAGE_ERROR
        return cli.main(["run", *arguments])


if __name__ == "__main__":
    sys.exit(main())
