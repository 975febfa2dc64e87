"""The checks of level tpu: forward and VJP of both arms, in every mode, compiled ahead of time by one process."""

import time
from collections.abc import Iterator, Mapping
from importlib.metadata import version

from pipeline.certify.findings import guarded
from pipeline.certify.pair import Options, Pair
from pipeline.certify.tpu.judge import Arm, judge
from pipeline.certify.tpu.modules import Module, modules
from pipeline.certify.tpu.process import TOPOLOGY, Compilation, available, compile_all
from pipeline.records import Finding

ABSENT = "not installed: pip install 'layerparity[tpu-aot]'"
MOST_SECONDS = 120.0


def check(pair: Pair, options: Options) -> Iterator[Finding]:
    """Findings of level tpu; none is ever `different`.  Both arms keep the weights they came with."""
    return guarded("tpu", _check(pair, options))


def _check(pair: Pair, options: Options) -> Iterator[Finding]:
    if not available():
        yield Finding("tpu", "compiler", "note", ABSENT)
        return
    deadline = time.monotonic() + min(options.remaining(), MOST_SECONDS)
    batch = min((size for size in options.batches if size > 1), default=1)
    arms = [_modules(pair, index, batch) for index in range(2)]
    jobs = {f"{arm}-{k}": item for arm, found in enumerate(arms) for k, item in enumerate(found.values())}
    texts = {job: item.stablehlo for job, item in jobs.items() if item.stablehlo}
    done = compile_all(texts, max(0.1, deadline - time.monotonic())) if texts else Compilation({}, {})
    about = {"topology": TOPOLOGY, "jax": version("jax"), "libtpu": version("libtpu")}
    for k, name in enumerate(arms[0]):
        both = [
            Arm(subject.name, found[name], done.answers.get(f"{arm}-{k}"), done.programs.get(f"{arm}-{k}", b""))
            for arm, (subject, found) in enumerate(zip(pair.subjects, arms, strict=True))
        ]
        yield judge(name, both[0], both[1], done, about)


def _modules(pair: Pair, index: int, batch: int) -> Mapping[str, Module]:
    found: dict[str, Module] = {}
    for training in pair.modes:
        found |= modules(pair.subjects[index], batch, training)
    return found
