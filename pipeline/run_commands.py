"""The commands on configs, runs and data, as the command line calls them: parsed arguments in, an exit code out."""

import argparse
import tempfile
from pathlib import Path

from pipeline import show

USAGE_ERROR = 3
TRIALS_FAILED = 4
ONE_TRIAL = "trial="  # the override that runs one trial alone


def run(arguments: argparse.Namespace) -> int:
    """Runs a config, one trial of it (`trial=ID`), or a rehearsal of it."""
    from pipeline import config, driver
    from pipeline.plan import dry

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
    folder = arguments.run_dir or driver.default_folder(experiment, only)
    result = driver.run(
        experiment, where, folder, show.progress, executor=arguments.executor, address=arguments.address, only=only
    )
    show.verdicts(result)
    return result.exit_code


def plan(arguments: argparse.Namespace) -> int:
    """Prints what would run."""
    from pipeline import config, driver

    experiment = config.load(arguments.config, arguments.overrides, arguments.allow_resolver)
    show.plan(*driver.plan_of(experiment, str(arguments.config), arguments.address))
    return 0


def report(arguments: argparse.Namespace) -> int:
    """Renders a run's report again."""
    from pipeline.publish import publish_existing

    result = publish_existing(arguments.run_dir)
    show.verdicts(result)
    return 0


def diff(arguments: argparse.Namespace) -> int:
    """Prints what changed between two runs; 1 if anything got worse."""
    from pipeline.diff import diff as changes

    return changes(arguments.before, arguments.after, arguments.form)


def board(arguments: argparse.Namespace) -> int:
    """Serves TensorBoard until Ctrl-C."""
    from pipeline.tensorboard.rebuild import rebuild
    from pipeline.tensorboard.serve import serve

    if arguments.rebuild:
        rebuild(arguments.run_dir)
    with serve(arguments.run_dir, port=arguments.port) as server:
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
        show.data([row for row in rows if row.name in names])
    elif arguments.action == "fetch":
        for name in names:
            show.line(f"{name}: {fetch(name) or 'generated when it is used'}")
    elif not show.verified([verify(name) for name in names]):
        return USAGE_ERROR
    return 0


def doctor(arguments: argparse.Namespace) -> int:
    """Prints what works here."""
    from pipeline.doctor import examine

    return 0 if show.checks(examine(arguments.address)) else TRIALS_FAILED
