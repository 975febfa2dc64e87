"""Brings a run directory here from a cluster whose job server is all that can be reached.

    python -m jobs.fetch JOB|RUN_DIR DESTINATION [--address URL] [--python PYTHON]

Its report is then in DESTINATION/report, and `parity report`, `parity diff` and `parity board --rebuild` work on it.
"""

import io
import shlex
import sys
import tarfile
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from jobs.arguments import Parser
from jobs.pack import unarmored
from jobs.package import pack
from jobs.submit import ENDED
from pipeline import show
from pipeline.cluster.job_server import job_client, run_dir_of, submitted, use_token
from pipeline.errors import ClusterError, ParityError, RunDirectoryError
from pipeline.parser import USAGE_ERROR

POLL_SECONDS = 0.5


def main(argv: Sequence[str] | None = None) -> int:
    """0 when it is here, 3 for an error to be mended."""
    parser = Parser(prog="python -m jobs.fetch", description=__doc__.partition("\n")[0])
    parser.add_argument("source", metavar="JOB|RUN_DIR", help="a job of jobs.submit, or a run directory on the cluster")
    parser.add_argument("destination", type=Path, metavar="DESTINATION", help="a folder that is not there yet")
    parser.add_argument("--address", help="the job server (default: RAY_API_SERVER_ADDRESS)")
    parser.add_argument("--python", default="python", help="the interpreter on the cluster (default: python)")
    arguments = parser.parse_args(argv)
    use_token()
    try:
        fetch(arguments.source, arguments.destination, arguments.address, arguments.python)
    except ParityError as error:
        show.error(str(error))
        return USAGE_ERROR
    show.line(f"report: {arguments.destination / 'report' / 'index.html'}")
    return 0


def fetch(source: str, destination: Path, address: str | None, python: str) -> None:
    """Runs jobs.pack on the cluster and unpacks what it prints.  ClusterError, RunDirectoryError."""
    if destination.exists():
        raise RunDirectoryError(str(destination), "is there already", "name a folder that is not")
    with job_client(address) as client:
        folder = source if "/" in source else str(run_dir_of(client, source)[1])
        log = _log_of_packing(client, folder, python)
    try:
        content = unarmored(log)
    except ValueError as error:
        last = next(iter(reversed(log.strip().splitlines())), "no output")
        raise ClusterError(source, f"can't be fetched ({error}; {last})", "see `ray job logs`") from error
    destination.mkdir(parents=True)
    with tarfile.open(fileobj=io.BytesIO(content)) as archive:
        archive.extractall(destination, filter="data")


def _log_of_packing(client: Any, folder: str, python: str) -> str:
    package_root = Path(__file__).parents[1]
    with tempfile.TemporaryDirectory() as temporary:
        package = pack(package_root, Path(temporary), needed=[Path(__file__).with_name("pack.py")])
        entrypoint = shlex.join([python, "-m", "jobs.pack", folder])
        job = submitted(client, entrypoint=entrypoint, runtime_env={"working_dir": str(package.path)})
    while client.get_job_status(job) not in ENDED:
        time.sleep(POLL_SECONDS)
    return str(client.get_job_logs(job))


if __name__ == "__main__":
    sys.exit(main())
