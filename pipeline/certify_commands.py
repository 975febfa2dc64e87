"""`parity compare` and `parity selftest`: parse, call, print, exit code."""

import argparse
import contextlib
import importlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from pipeline import show
from pipeline.errors import BuilderError, ConfigError, RunDirectoryError
from pipeline.records import FRONTENDS, Certificate

if TYPE_CHECKING:
    from pipeline.selftest import Confusion

EXIT_CODES = {"proven": 0, "identical": 0, "equivalent": 0, "different": 1, "inconclusive": 2}
NOT_PASSED = 4
# Named here and not imported from pipeline.frontend: that import already chooses the frontend.
FRONTEND_VARIABLE = "PARITY_FRONTEND"


def add_compare_arguments(parser: argparse.ArgumentParser) -> None:
    """What `compare` reads."""
    builder = "module:callable or file.py:callable, which returns a fresh Layer or Model"
    parser.add_argument("baseline", metavar="BASELINE", help=builder)
    parser.add_argument("candidate", metavar="CANDIDATE", help="the same")
    parser.add_argument("--inputs", required=True, metavar="SPEC", help='e.g. "int32[20]{0..999}; float32[784]{-3..3}"')
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the certificate as JSON")
    parser.add_argument("--html", type=Path, metavar="FILE", help="write the certificate as one HTML page")
    parser.add_argument("--markdown", type=Path, metavar="FILE", help="write it for a comment on a pull request")
    parser.add_argument(
        "--weights-map", type=Path, metavar="FILE", help="YAML or JSON: baseline path to candidate path"
    )
    parser.add_argument(
        "--levels",
        type=_words,
        metavar="A,B",
        help="of interface,program,values,update,lifecycle,distribution,tpu",
    )
    parser.add_argument(
        "--tolerance", type=float, help="share of the scale (default: the product's own for each dtype)"
    )
    parser.add_argument(
        "--optimizers", type=_words, metavar="A,B", help="for the update level (default: sgd,adam,adagrad)"
    )
    parser.add_argument("--frontend", choices=FRONTENDS, help="which Keras (default: PARITY_FRONTEND, else keras)")
    parser.add_argument("--dtype-policy", metavar="POLICY", help="default: float32")
    parser.add_argument("--batch", type=_sizes, dest="batches", metavar="1,4,8", help="batch sizes (default: 1,4,8)")
    parser.add_argument("--seed", type=int, help="of weights and inputs (default: 0)")
    parser.add_argument("--time-limit", type=float, metavar="SECONDS", help="default: 60")
    parser.add_argument(
        "--strict-lifecycle", action="store_true", help="a clear error in one arm alone makes the pair different"
    )


def compare(arguments: argparse.Namespace) -> int:
    """One certificate, on stdout and in files."""
    from pipeline.certify.inputs import parse, read_weights_map

    inputs = parse(arguments.inputs)
    settings = _settings(arguments)
    if arguments.weights_map:
        settings["weights_map"] = read_weights_map(arguments.weights_map)
    with _apart(arguments.frontend):
        certificate = _certified(arguments.baseline, arguments.candidate, inputs, settings)
    try:
        show.certificate(certificate)
    finally:  # the files are there even if nobody reads stdout to its end
        _save(certificate, arguments)
    return EXIT_CODES[certificate.verdict]


def add_selftest_arguments(parser: argparse.ArgumentParser) -> None:
    """What `selftest` reads."""
    parser.add_argument("--split", choices=("tuned", "held_out"), help="pairs that rules were tuned on, or the others")
    parser.add_argument("--subset", type=_size, metavar="N", help="N pairs, evenly spread (default: all)")
    parser.add_argument("--processes", type=_size, default=2, help="default: 2")
    parser.add_argument("--time-limit", type=float, default=120.0, metavar="SECONDS", help="a pair (default: 120)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write every pair and what was said of it")


def selftest(arguments: argparse.Namespace) -> int:
    """The confusion table of a bank of pairs, and of every baseline against itself."""
    with _apart(None):
        from pipeline.certify.comparison import compare as compare_pair
        from pipeline.selftest import bank, runner

        pairs = _spread(bank(arguments.split), arguments.subset)
        confusion = runner.run(pairs, compare_pair, processes=arguments.processes, time_limit=arguments.time_limit)
    return _reported(confusion, arguments.json)


def _reported(confusion: "Confusion", json: Path | None) -> int:
    show.line(confusion.render().rstrip())
    if json:
        _write("--json", json, msgspec.json.format(msgspec.json.encode(confusion)) + b"\n")
        show.line(f"written: {json}")
    return 0 if confusion.passed else NOT_PASSED


def _certified(baseline: str, candidate: str, inputs: Any, settings: dict[str, Any]) -> Certificate:
    from pipeline.certify.builders import resolve
    from pipeline.certify.comparison import compare as compare_builders
    from pipeline.certify.distribution import set_up

    if "distribution" in settings.get("levels", ()):
        set_up()  # before the builders' modules, which may use TensorFlow
    builders = resolve("baseline", baseline), resolve("candidate", candidate)
    try:
        return compare_builders(*builders, inputs=inputs, names=(baseline, candidate), **settings)
    except SystemExit as leaving:
        what = f"an arm called exit({leaving.code!r}) while it was compared"
        raise BuilderError(f"{baseline} or {candidate}", what, "raise an error instead") from None


def _save(certificate: Certificate, arguments: argparse.Namespace) -> None:
    from pipeline.report.certificate_html import page
    from pipeline.report.certificate_markdown import markdown

    if arguments.json:
        _write("--json", arguments.json, certificate.to_json().encode() + b"\n")
    if arguments.html:
        _write("--html", arguments.html, page(certificate))
    if arguments.markdown:
        _write("--markdown", arguments.markdown, markdown(certificate))
    for path in filter(None, (arguments.json, arguments.html, arguments.markdown)):
        show.line(f"written: {path}")


def _settings(arguments: argparse.Namespace) -> dict[str, Any]:
    """What the user gave; the rest has its defaults in the certificate's settings."""
    names = ("levels", "tolerance", "optimizers", "dtype_policy", "batches", "seed", "time_limit")
    given = {name: getattr(arguments, name) for name in names}
    chosen = {name: value for name, value in given.items() if value is not None}
    return {**chosen, "strict_lifecycle": arguments.strict_lifecycle}


@contextlib.contextmanager
def _apart(frontend: str | None) -> Iterator[None]:
    """User code finds its modules from here, the frontend is the one asked for, and stdout stays ours."""
    if frontend:
        os.environ[FRONTEND_VARIABLE] = frontend
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    if str(Path.cwd()) not in sys.path:
        sys.path.insert(0, str(Path.cwd()))
    with contextlib.redirect_stdout(sys.stderr):
        _import_quietly()
        yield


def _import_quietly() -> None:
    """TensorFlow writes to the terminal, past Python, what it sets up before it reads TF_CPP_MIN_LOG_LEVEL."""
    sys.stderr.flush()
    kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    try:
        importlib.import_module("pipeline.certify.comparison")
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)


def _write(option: str, path: Path, content: bytes) -> None:
    from pipeline.store.atomic import write_atomic

    try:
        write_atomic(path, content)
    except RunDirectoryError as problem:
        raise ConfigError(f"{option} {path}", problem.what, "choose another file") from None


def _spread(pairs: tuple[Any, ...], subset: int | None) -> tuple[Any, ...]:
    count = len(pairs) if subset is None else min(subset, len(pairs))
    return tuple(pairs[at * len(pairs) // count] for at in range(count))


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split(",") if word.strip())


def _sizes(text: str) -> tuple[int, ...]:
    return tuple(_size(word) for word in _words(text))


def _size(text: str) -> int:
    if not text.isascii() or not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number of 1 or more")
    return int(text)
