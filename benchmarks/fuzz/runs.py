"""What runs leave on the disk: evidence, certificates, weights, a whole run directory up to its report; text shown."""

import json
import shutil
from typing import Any

import msgspec
import numpy as np
from hypothesis import strategies as st

from benchmarks.fuzz.door import Door, file_of, scratch
from benchmarks.fuzz.files import ODD, Change, bend, changes, golden, small_certificate, spoil
from pipeline.analysis import analyse, answer_claims
from pipeline.printable import clean
from pipeline.records import Certificate, Evidence, Run
from pipeline.redacted import redact
from pipeline.report.document import render_json
from pipeline.report.flat import render_flat
from pipeline.report.html import render_html
from pipeline.report.junit import render_junit
from pipeline.report.markdown import render_markdown
from pipeline.store.codec import decode, encode
from pipeline.store.run_directory import RunDirectory
from pipeline.store.weights import pack, unpack

RUN: dict[str, Any] = golden()
CERTIFICATE = json.loads(small_certificate().to_json())
RECORDS: list[Any] = [*RUN["evidence"], *RUN["failures"]]
PATHS = st.lists(st.integers(0, 40) | st.just(-1), max_size=6)
JsonCase = tuple[int, list[tuple[list[int], Any]], list[Change]]


def _json(content: object) -> bytes:
    """With integers of any size."""
    return json.dumps(content).encode()


def _bent(content: object, bends: list[tuple[list[int], Any]], how: list[Change]) -> bytes:
    for path, odd in bends:
        content = bend(content, path, odd)
    return spoil(_json(content), how)


def _evidence(case: JsonCase) -> None:
    number, bends, how = case
    path = file_of("evidence.json", _bent(RECORDS[number % len(RECORDS)], bends, how))
    encode(decode(path, Evidence, "run again"))


def _run(case: JsonCase) -> None:
    """A run directory of which one file was written by another hand, to its report."""
    number, bends, _ = case
    files = _files()
    chosen = sorted(files)[number % len(files)]
    files[chosen] = _json(bend_all(json.loads(files[chosen]), bends))
    root = scratch() / "run"
    shutil.rmtree(root, ignore_errors=True)
    for name, content in {**files, "config.yaml": str(RUN["config"]).encode()}.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(content)
    run = RunDirectory.existing(root).read()
    summaries = analyse(run)
    claims = answer_claims(run, summaries)
    for render in (render_markdown, render_json, *([render_html] if number % 10 == 0 else [])):
        render(run, summaries, claims)
    render_junit(run, summaries)
    render_flat(run)


def _files() -> dict[str, bytes]:
    """The golden run, file by file; of evidence and failures, those of a few trials are often chosen."""
    about = {key: RUN[key] for key in ("name", "question", "margins", "published", "looks") if key in RUN}
    files = {"about.json": about, **{f"{key}.json": RUN[key] for key in ("plan", "environment", "data")}}
    for folder in ("evidence", "failures"):
        files |= {f"{folder}/{item['trial']['id']}.json": item for item in RUN[folder]}
    files |= {f"timings/{place}.json": item for place, item in enumerate(RUN["timings"])}
    return {name: _json(content) for name, content in files.items()}


def bend_all(content: object, bends: list[tuple[list[int], Any]]) -> object:
    """All changes, one after another."""
    for path, odd in bends:
        content = bend(content, path, odd)
    return content


def _certificate(case: JsonCase) -> None:
    _, bends, how = case
    encode(decode(file_of("certificate.json", _bent(CERTIFICATE, bends, how)), Certificate, "compare again"))


def _weights(how: list[Change]) -> None:
    run = msgspec.convert(RUN, Run)
    evidence = next(item for item in run.evidence if hasattr(item, "weights"))
    right = pack({arm.style: {"k": np.ones((2, 2))} for arm in evidence.arms})
    unpack(msgspec.structs.replace(evidence, weights=spoil(right, how)))


def _text(text: str) -> None:
    """What is shown holds nothing that a terminal obeys, and can be encoded."""
    shown = clean(text)
    shown.encode()
    if any(c in shown for c in "\x1b\x9b\r\b\0\x07") or clean(shown) != shown:
        raise AssertionError("a terminal would obey it")
    redact(text)


JSON_CASE = st.tuples(st.integers(0, 200), st.lists(st.tuples(PATHS, ODD), max_size=2), changes(most=1))
RUN_DOORS = {
    "evidence": Door(JSON_CASE, _evidence, 3),
    "certificate": Door(JSON_CASE, _certificate, 3),
    "kept weights": Door(changes(), _weights),
    "run to report": Door(JSON_CASE, _run, 0.1),
    "shown text": Door(st.text(max_size=40) | st.text("\x1b[]0;38mP\\\x07\x9b\ud800abc", max_size=30), _text, 3),
}
