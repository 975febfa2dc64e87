"""evidence.csv and evidence.parquet: all evidence as one flat table.

One row per arm of a train trial, per arm and phase of a time trial (the control too), per finding of a certificate, per
stage of an article example, and per failure.  A column that says nothing of a row is empty there.  Metrics have a
column each, `metric_accuracy`; `curve_` columns have a value per epoch, separated by spaces.
"""

import csv
import io
from collections.abc import Iterator, Sequence
from statistics import median
from typing import Any

from pipeline.printable import clean
from pipeline.records import (
    CertifyEvidence,
    Evidence,
    ExampleEvidence,
    Failure,
    Run,
    TimeEvidence,
    TrainEvidence,
    Trial,
    Worker,
)

Row = dict[str, Any]
_ARMS = ("baseline", "candidate", "control")
_ARM_NUMBERS = (
    "parameters",
    "trainable_parameters",
    "source_lines",
    "functions",
    "complexity",
    "build_seconds",
    "train_seconds",
    "examples_per_second",
    "input_examples_per_second",
)
_NUMBERS = frozenset(
    (
        *_ARM_NUMBERS,
        *("seed", "process", "step_us", "trace_seconds", "first_seconds", "peak_bytes"),
        *("check_seconds", "started", "seconds", "attempts"),
    )
)


def render_flat(run: Run) -> dict[str, bytes]:
    """Both files.  In the CSV, text that a spreadsheet would take for a formula has a quote before it.

    Parquet is a CSV read back with types: pyarrow makes no table from records without pandas.
    """
    import pyarrow
    from pyarrow import csv as arrow_csv
    from pyarrow import parquet

    kinds_of_row = dict.fromkeys(tuple(row) for row in flat_rows(run))
    names = list(dict.fromkeys(name for kind in kinds_of_row for name in kind)) or ["kind"]
    plain, shown = _csv(run, names)
    as_parquet = io.BytesIO()
    words = {name: pyarrow.string() for name in names if not _is_number(name)}
    options = arrow_csv.ConvertOptions(column_types=words, strings_can_be_null=True, null_values=[""])
    lines = arrow_csv.ParseOptions(newlines_in_values=True)
    table = arrow_csv.read_csv(io.BytesIO(plain), parse_options=lines, convert_options=options)
    parquet.write_table(table, as_parquet, compression="zstd")
    return {"evidence.csv": shown, "evidence.parquet": as_parquet.getvalue()}


def _csv(run: Run, names: Sequence[str]) -> tuple[bytes, bytes]:
    """The rows as they are, and as they are shown; a row at a time, because a run may have a hundred thousand."""
    texts = io.StringIO(), io.StringIO()
    plain, shown = (csv.writer(text, lineterminator="\n") for text in texts)
    plain.writerow(names)
    shown.writerow(names)
    for row in flat_rows(run):
        printable = {name: _printable(value) for name, value in row.items()}
        plain.writerow([printable.get(name) for name in names])
        shown.writerow([_no_formula(name, printable.get(name)) for name in names])
    as_they_are, as_shown = (text.getvalue().encode() for text in texts)
    return as_they_are, as_shown


def _no_formula(name: str, value: Any) -> Any:
    """With a quote before text that a spreadsheet would take for a formula; numbers stay."""
    is_text = isinstance(value, str) and not name.startswith("curve_")
    return f"'{value}" if is_text and value.startswith(("=", "+", "-", "@", "\t", "\n")) else value


def _printable(value: Any) -> Any:
    return clean(value) if isinstance(value, str) else value


def flat_rows(run: Run) -> Iterator[Row]:
    """In the plan's order, failures last."""
    for item in run.evidence:
        about = _about(item.trial)
        worker = _worker(item.worker)
        for row in _rows(item):
            yield {**about, **row, **worker}
    for failure in run.failures:
        yield {**_about(failure.trial), **_failure(failure)}


def _is_number(name: str) -> bool:
    return name in _NUMBERS or name.startswith("metric_")


def _about(trial: Trial) -> Row:
    cell = getattr(trial, "cell", None)
    place = {
        name: getattr(cell, name, None)
        for name in ("family", "baseline", "candidate", "data", "frontend", "dtype_policy", "jit", "loop")
    }
    return {
        "kind": trial.__struct_config__.tag,
        "trial": trial.id,
        "cell": cell.label if cell else None,
        **place,
        "frontend": getattr(trial, "frontend", place["frontend"]),
        "strategy": cell.strategy.label if cell else None,
        "example": getattr(trial, "example", None),
        "seed": getattr(trial, "seed", None),
        "process": getattr(trial, "process", None),
    }


def _rows(item: Evidence) -> Iterator[Row]:
    if isinstance(item, TrainEvidence):
        yield from _train(item)
    elif isinstance(item, TimeEvidence):
        yield from _time(item)
    elif isinstance(item, CertifyEvidence):
        yield from _certify(item)
    else:
        yield from _stages(item)


def _train(item: TrainEvidence) -> Iterator[Row]:
    for name, arm in zip(_ARMS, item.arms, strict=False):
        yield {
            "arm": name,
            "style": arm.style,
            **{f"metric_{metric}": value for metric, value in arm.metrics.items()},
            **{field: getattr(arm, field) for field in _ARM_NUMBERS},
            "input_bound": arm.input_bound,
            "weights_digest": arm.weights_digest,
            "curve_train_loss": " ".join(map(repr, arm.train_loss)),
            "curve_held_out": " ".join(map(repr, arm.held_out)),
        }


def _time(item: TimeEvidence) -> Iterator[Row]:
    for at, (name, arm) in enumerate(zip(_ARMS, item.arms, strict=True)):
        for phase, timing in item.phases.items():
            yield {
                "arm": name,
                "style": arm.style,
                "phase": phase,
                "parameters": arm.parameters,
                "build_seconds": arm.build_seconds,
                "input_examples_per_second": item.input_examples_per_second,
                "step_us": median(us for block in timing.blocks if block.arm == at for us in block.step_us),
                "trace_seconds": arm.trace_seconds[phase],
                "first_seconds": arm.first_seconds[phase],
                "peak_bytes": arm.peak_bytes,
                "hardware": item.hardware,
                "flags": "; ".join(item.contention.flags),
            }


def _certify(item: CertifyEvidence) -> Iterator[Row]:
    for finding in item.certificate.findings:
        yield {
            "verdict": item.certificate.verdict,
            "level": finding.level,
            "check": finding.check,
            "outcome": finding.outcome,
            "sentence": finding.sentence,
            "check_seconds": finding.seconds,
        }


def _stages(item: ExampleEvidence) -> Iterator[Row]:
    for stage in item.stages:
        yield {
            "check": stage.name,
            "outcome": "worked" if stage.worked else "failed",
            "sentence": stage.detail,
            "parameters": item.parameters,
        }


def _failure(failure: Failure) -> Row:
    return {"outcome": "failed", "check": failure.category, "sentence": failure.message}


def _worker(worker: Worker) -> Row:
    return {
        "worker": f"{worker.host}:{worker.pid}",
        "device": worker.device,
        "started": worker.started,
        "seconds": worker.seconds,
        "warm": worker.warm,
        "attempts": worker.attempts,
    }
