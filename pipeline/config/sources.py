"""What makes no sense in a config's own data sets."""

from collections.abc import Iterator

from pipeline.errors import ConfigError
from pipeline.records import TASK_METRICS, FileSource

SCALES = ("standard", "log", "quantile", "as_is")
ENCODINGS = ("learn", "hash")


def check_source(name: str, source: FileSource, where: str) -> None:
    """Raises ConfigError, which names `where` and the key, for the first mistake."""
    for key, what, remedy in _mistakes(source):
        raise ConfigError(where, f"sources.{name}.{key}{what}", remedy)


def _mistakes(source: FileSource) -> Iterator[tuple[str, str, str]]:
    """Key, what is wrong with it, remedy."""
    if not source.train:
        yield "train", " is empty", "give the path of the training file"
    for key, choices in (("task", TASK_METRICS), ("scale", SCALES), ("encoding", ENCODINGS)):
        if getattr(source, key) not in choices:
            yield key, f": unknown {getattr(source, key)!r}", f"use one of {', '.join(choices)}"
    for key, low in (("rows", 0), ("window", 0), ("max_size", 1), ("min_count", 1)):
        if getattr(source, key) < low:
            yield key, f"={getattr(source, key)} is out of range", f"use {low} or more"
    if not 2 <= source.buckets <= 2**31:
        yield "buckets", f"={source.buckets} is out of range", "use 2 to 2147483648"
    if not 0 < source.test_share < 1:
        yield "test_share", f"={source.test_share} is out of range", "use a share between 0 and 1"
    yield from _misfits(source)


def _misfits(source: FileSource) -> Iterator[tuple[str, str, str]]:
    """Keys that don't go together."""
    if not (source.numbers or source.columns or source.ids):
        yield "numbers", ", columns and ids are empty", "name the columns to train on"
    twice = sorted({name for name in source.named if source.named.count(name) > 1})
    if twice:
        yield "numbers", f", columns, target, …: {twice[0]!r} has two uses", "name each column once"
    if source.test and source.training:
        yield "training", " and test both say what is held out", "leave one out"
    if source.ids and (source.numbers or source.columns):
        yield "ids", " has numbers or columns beside it", "leave them out, or make two sources of them"
    if bool(source.ids) != (source.length > 0):
        yield (
            "length",
            f"={source.length} with ids={source.ids!r}",
            "say how many ids of a row are kept, and only of ids",
        )
    if source.weights and not source.ids:
        yield "weights", " has no ids", "name the column of the ids"
    yield from _of_a_series(source)


def _of_a_series(source: FileSource) -> Iterator[tuple[str, str, str]]:
    if (source.task == "forecast") != (source.window > 0):
        yield "window", f"={source.window} with task={source.task}", "a forecast has windows of 1 or more, others none"
    if source.window and (not source.numbers or source.columns or source.target):
        yield "numbers", " alone make a series, whose targets are its next values", "leave out columns and target"
    if bool(source.labels) != (source.task == "forecast"):
        yield "labels", f"={source.labels!r} with task={source.task}", "a forecast names its anomalies, others none"
    if not source.window and not source.target:
        yield "target", " is empty", "name the column to be learnt"
