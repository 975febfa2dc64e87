"""`parity init`, `explain` and `export`: parsed arguments in, an exit code out."""

import argparse
from pathlib import Path

from pipeline import completion, show
from pipeline.store.place import located


def add_init_arguments(parser: argparse.ArgumentParser) -> None:
    """What `init` reads."""
    parser.add_argument("name", metavar="NAME", help="of the family: a word such as scaled; names the package")
    parser.add_argument("--kind", choices=("vectors", "ids"), default="vectors", help="of data (default: vectors)")
    parser.add_argument("--into", type=Path, default=Path(), metavar="DIR", help="default: the current directory")


def init(arguments: argparse.Namespace) -> int:
    """Writes the files and says what to do with them."""
    from pipeline.init import next_steps, write

    for path in write(arguments.name, arguments.kind, arguments.into):
        show.line(f"written: {path}")
    for text in next_steps(arguments.name):
        show.line(text)
    return 0


def add_explain_arguments(parser: argparse.ArgumentParser) -> None:
    """What `explain` reads."""
    told = "a verdict, level, outcome or check, as a certificate calls it; none: list all"
    names = parser.add_argument("words", nargs="*", metavar="WORD", help=told)
    names.completer = completion.words  # type: ignore[attr-defined]  # what argcomplete reads


def explain(arguments: argparse.Namespace) -> int:
    """Prints the pages of a word, or the list of all words."""
    from pipeline import explain as texts

    found = texts.find(" ".join(arguments.words)) if arguments.words else texts.every()
    if arguments.json:
        show.json(found)
        return 0
    pages = ["\n".join(texts.lines(word)) for word in found] if arguments.words else ["\n".join(texts.listing(found))]
    show.line("\n\n".join(pages))
    return 0


def add_export_arguments(parser: argparse.ArgumentParser) -> None:
    """What `export` reads."""
    parser.add_argument("tool", choices=("mlflow",), help="needs the extra of the same name")
    parser.add_argument("run_dir", type=located, metavar="RUN_DIR", help="a folder, s3://… or gs://…")
    parser.add_argument("--tracking-uri", metavar="URI", help="default: MLflow's own, MLFLOW_TRACKING_URI")
    parser.add_argument("--experiment", metavar="NAME", help="default: the run's name")


def export(arguments: argparse.Namespace) -> int:
    """Exports a run and says where to."""
    from pipeline.export import to_mlflow

    exported = to_mlflow(arguments.run_dir, arguments.tracking_uri, arguments.experiment)
    show.line(exported.sentence)
    return 0
