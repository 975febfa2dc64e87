"""The command line: parse, call, print, exit code.

Exit codes: 0 the same, 1 different, 2 inconclusive, 3 a usage or configuration error, 4 trials failed, 130 stopped.
"""

import argparse
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from pipeline import certify_commands, completion, interrupts, run_commands, show, user_commands
from pipeline.errors import ParityError
from pipeline.parser import USAGE_ERROR, Commands, Parser, add_command, add_json, parsed
from pipeline.store.place import located

STOPPED = 130

DESCRIPTION = """\
Are two implementations of a Keras layer the same layer, and what does each cost?

first steps:
  parity doctor                what works on this machine
  parity compare old.py:block new.py:block --inputs "int32[20]{0..999}"
                               are these two functions' layers the same? one certificate, no config
  parity init scaled           a config, two arms, a test and a cluster job of your own, ready to run
  parity run scaled.yaml       certify and train both arms, write the report; run it again to resume
  parity explain different     what a verdict, a level or a check means
"""
EPILOG = """\
exit codes:
  0  the same (proven, identical or equivalent)     3  a usage or configuration error
  1  different                                      4  trials failed
  2  inconclusive                                   130  stopped by Ctrl-C; the same command resumes

`parity COMMAND --help` has the options of a command.  Every command takes --debug (the traceback of an error) and
--quiet (nothing on stdout: the exit code is the answer); those that print tables take --json.
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command and returns its exit code.  Errors that a user can mend are one line on stderr."""
    arguments = _parsed(argv)
    interrupts.listen()  # a polite kill ends like Ctrl-C: nothing is left running
    try:
        with show.muted(arguments.quiet):
            return int(arguments.command(arguments))
    except ParityError as error:
        if arguments.debug:
            raise
        show.error(str(error))
        return USAGE_ERROR
    except KeyboardInterrupt:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # all that is left is to say so
        show.error(arguments.stopped)
        return STOPPED
    except BrokenPipeError:
        sys.stderr.close()
        return 0


def _parsed(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = _parser()
    completion.offer(parser)
    return parsed(parser, argv)


def _parser() -> Parser:
    parser = Parser(
        prog="parity",
        description=DESCRIPTION,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.set_defaults(debug=False, quiet=False, stopped="stopped")
    commands = parser.add_subparsers(required=True, title="commands", metavar="COMMAND")
    on_runs = (_add_run, _add_plan, _add_compare, _add_report, _add_status, _add_diff, _add_board)
    for add in (*on_runs, _add_data, _add_doctor, _add_selftest, _add_init, _add_explain, _add_export):
        added = add(commands)
        added.add_argument("--debug", action="store_true", help="show the traceback of an error")
        added.add_argument("--quiet", action="store_true", help="print nothing but errors: the exit code is the answer")
    return parser


def _add_place(parser: Parser, name: str, shown: str) -> None:
    parser.add_argument(name, type=located, metavar=shown, help="a folder, s3://… or gs://…")


def _add_config(parser: Parser) -> None:
    parser.add_argument("config", type=Path, metavar="CONFIG", help="a YAML file; configs/ has examples")
    told = "over the file, e.g. train.epochs=3; trial=ID runs one trial alone"
    parser.add_argument("overrides", nargs="*", metavar="key=value", help=told)
    parser.add_argument(
        "--allow-resolver",
        action="append",
        default=[],
        metavar="NAME",
        help="let ${NAME:...} in the config run, e.g. oc.env, which reads the environment (default: none)",
    )
    parser.add_argument("--address", help="a Ray cluster: auto, host:port or ray://host:port (default: this machine)")


def _add_run(commands: Commands) -> Parser:
    parser = add_command(commands, "run", "run a config to its report; run again to resume", run_commands.run)
    parser.set_defaults(stopped="stopped; what is finished is kept, and the same command resumes it")
    _add_config(parser)
    told = "where evidence and report go: a folder, s3://… or gs://… (default: runs/NAME-HASH)"
    parser.add_argument("--run-dir", type=located, help=told)
    parser.add_argument("--executor", choices=("ray", "local"), default="ray", help="local: in this process, to debug")
    form = parser.add_mutually_exclusive_group()
    form.add_argument(
        "--dry-run", action="store_true", help="every kind of cell once, on this machine, on a slice of the data"
    )
    add_json(form)
    return parser


def _add_plan(commands: Commands) -> Parser:
    parser = add_command(commands, "plan", "what would run, on what, and what cannot and why", run_commands.plan)
    _add_config(parser)
    add_json(parser)
    return parser


def _add_compare(commands: Commands) -> Parser:
    text = "are two builders the same layer: one certificate, no config"
    parser = add_command(commands, "compare", text, certify_commands.compare)
    certify_commands.add_compare_arguments(parser)
    return parser


def _add_report(commands: Commands) -> Parser:
    parser = add_command(commands, "report", "render the report of a run again", run_commands.report)
    _add_place(parser, "run_dir", "RUN_DIR")
    add_json(parser)
    return parser


def _add_status(commands: Commands) -> Parser:
    parser = add_command(commands, "status", "how far a run is, from another terminal", run_commands.status)
    told = "a folder, s3://… or gs://…, or a job that jobs.submit submitted"
    parser.add_argument("run", metavar="RUN_DIR|JOB", help=told)
    parser.add_argument("--address", help="the job server of a JOB (default: RAY_API_SERVER_ADDRESS)")
    parser.add_argument("--json", action="store_true", help="for machines")
    return parser


def _add_diff(commands: Commands) -> Parser:
    text = "which verdicts and ratios changed from one run to another; exit code 1 if any got worse"
    parser = add_command(commands, "diff", text, run_commands.diff)
    _add_place(parser, "before", "RUN_A")
    _add_place(parser, "after", "RUN_B")
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_const", const="json", dest="form", help="for machines")
    form.add_argument("--markdown", action="store_const", const="markdown", dest="form", help="for a pull request")
    return parser


def _add_board(commands: Commands) -> Parser:
    parser = add_command(commands, "board", "show a run in TensorBoard, on this machine only", run_commands.board)
    _add_place(parser, "run_dir", "RUN_DIR")
    parser.add_argument("--port", type=int, default=6006)
    parser.add_argument("--rebuild", action="store_true", help="make the logs again from the evidence first")
    return parser


def _add_data(commands: Commands) -> Parser:
    parser = add_command(commands, "data", "list, fetch or verify the data sets", run_commands.data)
    parser.add_argument("action", choices=("list", "fetch", "verify"))
    names = parser.add_argument("names", nargs="*", metavar="NAME", help="default: all")
    names.completer = completion.data_sets  # type: ignore[attr-defined]  # what argcomplete reads
    add_json(parser)
    return parser


def _add_doctor(commands: Commands) -> Parser:
    parser = add_command(commands, "doctor", "what works on this machine", run_commands.doctor)
    parser.add_argument("--address", help="a Ray cluster instead of this machine")
    add_json(parser)
    return parser


def _add_selftest(commands: Commands) -> Parser:
    text = "how often the certificate is right, on pairs whose truth is known"
    parser = add_command(commands, "selftest", text, certify_commands.selftest)
    certify_commands.add_selftest_arguments(parser)
    return parser


def _add_init(commands: Commands) -> Parser:
    text = "write a config, two arms, a test and a cluster job of your own, commented and ready to run"
    parser = add_command(commands, "init", text, user_commands.init)
    user_commands.add_init_arguments(parser)
    return parser


def _add_explain(commands: Commands) -> Parser:
    text = "what a verdict, a level, an outcome or a check means"
    parser = add_command(commands, "explain", text, user_commands.explain)
    user_commands.add_explain_arguments(parser)
    add_json(parser)
    return parser


def _add_export(commands: Commands) -> Parser:
    text = "a run's numbers, settings and report to another tool"
    parser = add_command(commands, "export", text, user_commands.export)
    user_commands.add_export_arguments(parser)
    return parser
