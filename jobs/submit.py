"""Submits a config to a Ray cluster as a job, and follows it: python -m jobs.submit CONFIG --run-dir DIR.

A job is called after its run, the config's name and hash, and from the second submission on has a number too.  While
one of them is under way it is followed instead of submitted again; after that another one resumes in its run directory.
"""

import argparse
import asyncio
import re
import shlex
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import yaml

from jobs.arguments import Parser
from jobs.package import LIMIT_MIB, pack
from pipeline import config, show
from pipeline.cluster.job_server import job_client, submitted, use_token
from pipeline.errors import ConfigError, ParityError
from pipeline.parser import USAGE_ERROR
from pipeline.run_commands import TRIALS_FAILED

STOPPED = 130  # as `parity run` ends when it is stopped; Ray's own command calls it success
ENDED = frozenset({"SUCCEEDED", "FAILED", "STOPPED"})
POLL_SECONDS = 1.0
RUNTIME_ENV = Path(__file__).with_name("runtime_env.yaml")


def main(argv: Sequence[str] | None = None) -> int:
    """The exit code of the job's `parity run` with --follow; else 0 once it is submitted.  3: an error to be mended."""
    arguments = _parser().parse_intermixed_args(argv)
    use_token()
    try:
        return _run(arguments)
    except ParityError as error:
        show.error(str(error))
        return USAGE_ERROR
    except KeyboardInterrupt:
        show.error("not followed any more; the job goes on, and the same command follows it again")
        return STOPPED


def _parser() -> Parser:
    parser = Parser(prog="python -m jobs.submit", description=__doc__.partition("\n")[0])
    parser.add_argument("config", type=Path, metavar="CONFIG", help="a YAML file inside --working-dir")
    parser.add_argument("overrides", nargs="*", metavar="key=value", help="over the file, as for parity run")
    told = "on storage that outlives the job: an absolute folder on a shared disk, s3://… or gs://…"
    parser.add_argument("--run-dir", required=True, metavar="DIR", help=told)
    parser.add_argument(
        "--address", help="the job server, e.g. http://127.0.0.1:8265 (default: RAY_API_SERVER_ADDRESS)"
    )
    parser.add_argument(
        "--working-dir", type=Path, default=Path(), metavar="DIR", help="what is sent along (default: .)"
    )
    parser.add_argument(
        "--runtime-env", type=Path, default=RUNTIME_ENV, metavar="FILE", help="default: jobs/runtime_env.yaml"
    )
    parser.add_argument("--python", default="python", help="the interpreter on the cluster (default: python)")
    parser.add_argument(
        "--limit-mib", type=float, default=LIMIT_MIB, help="refuse a larger package (default: %(default)s)"
    )
    told = "what an autoscaler is to start before the run is planned, e.g. CPU=8,GPU=1; once for each process"
    parser.add_argument("--needs", action="append", default=[], help=told)
    parser.add_argument("--follow", action="store_true", help="print its log until it ends, and exit as it does")
    return parser


def _run(arguments: argparse.Namespace) -> int:
    run = run_id(config.load(arguments.config, arguments.overrides))
    environment = _environment(arguments.runtime_env)
    with job_client(arguments.address) as client, tempfile.TemporaryDirectory() as temporary:
        earlier = jobs_of(run, client.list_jobs())
        job = under_way(earlier)
        if job:
            show.line(f"{job} is under way: not submitted again")
        else:
            job = next_id(run, [details.submission_id for details in earlier])
            package = pack(
                arguments.working_dir, Path(temporary), needed=[arguments.config], limit_mib=arguments.limit_mib
            )
            submitted(
                client,
                entrypoint=_entrypoint(arguments),
                submission_id=job,
                runtime_env=environment | {"working_dir": str(package.path)},
                metadata={"run": run, "run_dir": arguments.run_dir},
            )
            show.line(f"submitted {job}: {len(package.sizes)} files, {package.mib:.1f} MiB")
        if arguments.follow:
            return follow(client, job)
    show.line(f"follow it by the same command with --follow; how far it is: parity status {job}")
    return 0


def _environment(file: Path) -> dict[str, Any]:
    try:
        read = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError) as error:
        raise ConfigError(str(file), f"can't be read ({error})", "give another --runtime-env") from error
    if not isinstance(read, dict):
        raise ConfigError(str(file), "is not a mapping of a runtime environment's keys", "see jobs/runtime_env.yaml")
    return read


def _entrypoint(arguments: argparse.Namespace) -> str:
    name = arguments.config.resolve().relative_to(arguments.working_dir.resolve())
    words = [arguments.python, "-m", "jobs.run", str(name), *arguments.overrides, "--run-dir", arguments.run_dir]
    return shlex.join([*words, *(word for needs in arguments.needs for word in ("--needs", needs))])


def run_id(experiment: config.Experiment) -> str:
    """NAME-HASH, the name of the run's usual folder, in characters that a job may have."""
    from pipeline.driver import default_folder

    return re.sub(r"[^A-Za-z0-9_-]", "-", default_folder(experiment).name)


def jobs_of(run: str, jobs: Iterable[Any]) -> list[Any]:
    """Those of the run, the first submitted first."""
    mine = [job for job in jobs if re.fullmatch(rf"{re.escape(run)}(-\d+)?", job.submission_id or "")]
    return sorted(mine, key=lambda job: _number(run, job.submission_id))


def under_way(jobs: Sequence[Any]) -> str:
    """The id of the one that has not ended; "" if all have."""
    return next((str(job.submission_id) for job in jobs if job.status not in ENDED), "")


def next_id(run: str, taken: Sequence[str]) -> str:
    """The run's id for its first job, then RUN-2, RUN-3: a cluster takes an id only once."""
    if not taken:
        return run
    return f"{run}-{max(_number(run, job) for job in taken) + 1}"


def _number(run: str, job: str) -> int:
    return int(job.removeprefix(run).removeprefix("-") or 1)


def follow(client: Any, job: str) -> int:
    """Prints the job's log as it grows, through lost connections too, until the job ends; its exit code."""
    shown = 0
    while True:
        shown = asyncio.run(_tail(client, job, shown))
        details = client.get_job_info(job)
        if details.status in ENDED:
            return exit_code(details)
        time.sleep(POLL_SECONDS)


async def _tail(client: Any, job: str, shown: int) -> int:
    """Prints what comes after the first `shown` characters; how many there have been, at the end or when it breaks."""
    heard = 0
    try:
        async for text in client.tail_job_logs(job):
            heard += len(text)
            if heard > shown:
                print(text[shown - heard :] if heard - len(text) < shown else text, end="", flush=True)
                shown = heard
    except (RuntimeError, OSError) as error:
        show.error(f"the connection to the job's log was lost ({error}); trying again")
    return shown


def exit_code(details: Any) -> int:
    """What `parity run` returned on the cluster; 130 for a stopped job, 4 for one that ended without a code."""
    status = str(getattr(details.status, "value", details.status))
    show.line(f"{details.submission_id}: {status}" + (f": {details.message}" if status == "FAILED" else ""))
    if status == "SUCCEEDED":
        return 0
    if status == "STOPPED":
        return STOPPED
    return int(details.driver_exit_code or TRIALS_FAILED)


if __name__ == "__main__":
    sys.exit(main())
