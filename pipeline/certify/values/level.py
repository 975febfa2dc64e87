"""The checks of level values, cheapest first."""

from collections.abc import Iterable, Iterator, Sequence
from functools import partial

import numpy as np

from pipeline.certify.evaluation import Array
from pipeline.certify.findings import Check, guarded, run_checks
from pipeline.certify.pair import Options, Pair
from pipeline.certify.values.errors import Tally
from pipeline.certify.values.examine import Bench, bench, disagree, examine
from pipeline.certify.values.inputs import BATCH, Batch, as_batch, fixed_batches, random_batch
from pipeline.certify.values.judge import GROUPS, Trial
from pipeline.certify.values.precision import precision
from pipeline.certify.values.randomness import compare_draws, randomness
from pipeline.certify.values.search import search
from pipeline.certify.weights import WeightDraw, draw, preserved
from pipeline.records import Finding

MORE_SIZES = (2, 3, 5, 7, 16)  # an arm may treat a size of its own apart


def check(pair: Pair, options: Options) -> Iterator[Finding]:
    """Findings of levels values, gradient and state.  Both arms keep the weights they came with.

    Ends early once a difference is found: what comes later could only show another one.
    """
    return guarded("values", _check(pair, options))


def _check(pair: Pair, options: Options) -> Iterator[Finding]:
    table = bench(pair, options)
    kinds = {mode: randomness(pair, mode) for mode in pair.modes}
    eager = tuple(mode for mode, kind in kinds.items() if kind != "unpaired")
    traced = tuple(mode for mode, kind in kinds.items() if kind == "none")  # a trace can't be seeded anew
    checks: dict[str, Check] = {
        "batch sizes": partial(_batch_sizes, table, eager),
        "randomness": partial(compare_draws, pair, kinds),
    }
    if traced:
        checks |= {
            "adversarial batches": partial(_adversarial, table, traced, True),
            "weight scales": partial(_weight_scales, table, traced),
            "search": partial(_search, table, traced[-1]),
            "xla": partial(_xla, table, traced[-1]),
            "precision": partial(precision, table, traced[-1]),
            "outside the declared inputs": partial(_adversarial, table, traced, False),
        }
    with preserved(pair.baseline.model, pair.candidate.model):
        for finding in run_checks("values", checks, options.remaining):
            yield finding
            if finding.outcome == "different":
                return


def _batch_sizes(table: Bench, modes: Sequence[bool]) -> Iterator[Finding]:
    """Eager, where a batch size is the number it is: the last one with the given weights, all with drawn ones."""
    for weights in ("given", "ordinary"):
        rng = np.random.default_rng([table.pair.seed, len(weights)])
        draw(table.pair, weights, rng)
        sizes = {*table.options.batches, *MORE_SIZES} if weights == "ordinary" else table.options.batches[-1:]
        batches = [random_batch(table.pair.inputs, rng, size) for size in sorted(sizes)]
        trials = [Trial(batch, mode, "eager", weights) for mode in modes for batch in batches]
        yield from examine(table, f"batch sizes, {weights} weights", trials)


def _adversarial(table: Bench, modes: Sequence[bool], declared: bool) -> Iterable[Finding]:
    draw(table.pair, "ordinary", np.random.default_rng([table.pair.seed, 1]))
    batches = [batch for batch in fixed_batches(table.pair.inputs, table.pair.seed) if batch.declared == declared]
    trials = [Trial(batch, mode, "graph", "ordinary") for mode in modes for batch in batches]
    name = "adversarial batches" if declared else "outside the declared inputs"
    return [finding for finding in examine(table, name, trials) if declared or finding.outcome != "same"]


def _weight_scales(table: Bench, modes: Sequence[bool]) -> Iterator[Finding]:
    scales: tuple[WeightDraw, ...] = ("small", "large")
    for weights in scales:
        rng = np.random.default_rng([table.pair.seed, len(weights)])
        draw(table.pair, weights, rng)
        batches = [batch for batch in fixed_batches(table.pair.inputs, table.pair.seed) if batch.declared][:5]
        trials = [Trial(batch, mode, "graph", weights) for mode in modes for batch in batches]
        yield from examine(table, f"{weights} weights", trials)


def _search(table: Bench, training: bool) -> Iterable[Finding]:
    draw(table.pair, "ordinary", np.random.default_rng([table.pair.seed, 2]))
    examples, inputs = table.options.examples, table.pair.inputs
    around = Trial(Batch("search", (), True), training, "graph", "ordinary")
    tally = Tally()
    fails = partial(_differs_anywhere, table, around, tally)
    found = search(inputs, BATCH // 2, fails, examples, table.pair.seed)
    if found is None:
        return [_no_counterexample(tally)]
    batch = as_batch("found by search", found, inputs)
    return examine(table, "search", [Trial(batch, training, "graph", "ordinary")])


def _differs_anywhere(table: Bench, around: Trial, tally: Tally, arrays: Iterable[Array]) -> bool:
    return table.options.remaining() > 0 and disagree(table, around, tuple(GROUPS), list(arrays), tally)


def _no_counterexample(tally: Tally) -> Finding:
    batches = tally.count // len(GROUPS)
    sentence = f"a search over {batches} batches found no counterexample"
    if not batches:
        return Finding("values", "search", "note", "no batch that could be searched ran in both arms")
    proves = "no counterexample among the batches tried"
    return Finding("values", "search", "same", sentence, proves=proves, details={"batches": batches, **tally.details()})


def _xla(table: Bench, training: bool) -> Iterable[Finding]:
    draw(table.pair, "ordinary", np.random.default_rng([table.pair.seed, 3]))
    batch = next(iter(fixed_batches(table.pair.inputs, table.pair.seed)))
    return examine(table, "xla", [Trial(batch, training, "xla", "ordinary")])
