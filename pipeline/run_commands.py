"""The commands on configs, runs and data, as the command line calls them: parsed arguments in, an exit code out."""

import argparse
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline import machine, show
from pipeline.parser import USAGE_ERROR
from pipeline.store.place import Place, located, opened, opened_to_write

if TYPE_CHECKING:
    from pipeline.data.cache import Status

TRIALS_FAILED = 4
ONE_TRIAL = "trial="  # the override that runs one trial alone


def run(arguments: argparse.Namespace) -> int:
    """Runs a config, one trial of it (`trial=ID`), or a rehearsal of it."""
    from pipeline import config, driver
    from pipeline.cluster.metrics import exported
    from pipeline.plan import dry
    from pipeline.status_writer import recorded

    overrides = [text for text in arguments.overrides if not text.startswith(ONE_TRIAL)]
    only = next((text.removeprefix(ONE_TRIAL) for text in arguments.overrides if text.startswith(ONE_TRIAL)), "")
    where = str(arguments.config)
    experiment = config.load(arguments.config, overrides, arguments.allow_resolver)
    if arguments.dry_run:
        with tempfile.TemporaryDirectory(prefix="parity-dry-run-") as temporary:
            rehearsal = dry(experiment)
            result = driver.run(rehearsal, where, Path(temporary) / "run", show.progress, executor=arguments.executor)
        show.rehearsal(result)
        return TRIALS_FAILED if result.run.failures else 0
    place = arguments.run_dir or driver.default_folder(experiment, only)
    with show.aside(arguments.json), opened_to_write(place, show.error) as files:
        watch = exported(recorded(show.progress, files), place.name)
        result = driver.run(
            experiment, where, files, watch, executor=arguments.executor, address=arguments.address, only=only
        )
    show.json(machine.result(result)) if arguments.json else show.verdicts(result)
    return result.exit_code


def plan(arguments: argparse.Namespace) -> int:
    """Prints what would run."""
    from pipeline import config, driver

    experiment = config.load(arguments.config, arguments.overrides, arguments.allow_resolver)
    made, estimate, there = driver.plan_of(experiment, str(arguments.config), arguments.address)
    show.json(machine.plan(made, estimate)) if arguments.json else show.plan(made, estimate, there)
    return 0


def report(arguments: argparse.Namespace) -> int:
    """Renders a run's report again."""
    from pipeline.publish import publish_existing

    with opened_to_write(arguments.run_dir, show.error) as files:
        result = publish_existing(files)
    show.json(machine.result(result)) if arguments.json else show.verdicts(result)
    return 0


def status(arguments: argparse.Namespace) -> int:
    """Prints how far a run is, by its run directory or by the job that runs it."""
    import msgspec

    from pipeline import status as statuses

    place = located(arguments.run)
    if isinstance(place, Path) and not place.exists() and "/" not in arguments.run:
        place = _place_of_job(arguments.run, arguments.address)
    found = statuses.read(place)
    if arguments.json:
        show.line(msgspec.json.encode(found).decode())
    else:
        for told in statuses.lines(found):
            show.line(told)
    return 0


def _place_of_job(job: str, address: str | None) -> Place:
    from pipeline.cluster.job_server import job_client, run_dir_of, use_token

    use_token()
    with job_client(address) as client:
        state, place = run_dir_of(client, job)
    show.error(f"{job}: {state}, run directory {place}")
    return place


def diff(arguments: argparse.Namespace) -> int:
    """Prints what changed between two runs; 1 if anything got worse."""
    from pipeline.diff import diff as changes

    return changes(arguments.before, arguments.after, arguments.form)


def board(arguments: argparse.Namespace) -> int:
    """Serves TensorBoard until Ctrl-C."""
    from pipeline.tensorboard.rebuild import rebuild
    from pipeline.tensorboard.serve import serve

    if arguments.rebuild:
        with opened_to_write(arguments.run_dir, show.error) as files:
            rebuild(files)
    with opened(arguments.run_dir) as files:
        files.bring(files.root / "tensorboard")
        with serve(files.root, port=arguments.port) as server:
            show.line(f"TensorBoard: {server.url}  (Ctrl-C ends it)")
            show.line(f"both arms over seeds: {server.over_seeds}")
            show.line(f"verdicts, costs, certificates: {server.verdicts}")
            return server.wait()


def data(arguments: argparse.Namespace) -> int:
    """Lists, fetches or verifies data sets."""
    from pipeline.data.cache import fetch, verify
    from pipeline.data.listing import listing

    rows = listing()
    names = arguments.names or [row.name for row in rows]
    if arguments.action == "list":
        listed = [row for row in rows if row.name in names]
        show.json(listed) if arguments.json else show.data(listed)
    elif arguments.action == "fetch":
        for name in names:
            show.line(f"{name}: {fetch(name) or 'generated when it is used'}")
    else:
        return _verified([verify(name) for name in names], arguments.json)
    return 0


def _verified(statuses: "list[Status]", json: bool) -> int:
    if json:
        show.json(statuses)
    with show.muted(json):
        return 0 if show.verified(statuses) else USAGE_ERROR


def doctor(arguments: argparse.Namespace) -> int:
    """Prints what works here."""
    from pipeline.doctor import examine

    if not arguments.json:
        return 0 if show.checks(examine(arguments.address)) else TRIALS_FAILED
    with show.aside(True):
        found = list(examine(arguments.address))
    show.json(found)
    return 0 if all(check.works is not False for check in found) else TRIALS_FAILED
