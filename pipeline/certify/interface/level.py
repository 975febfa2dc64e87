"""The checks of level interface, cheapest first.  The weight map itself comes from `match_weights`, before these."""

from collections.abc import Iterator
from functools import partial

from pipeline.certify.findings import Check, run_checks
from pipeline.certify.interface.hidden import compare_hidden
from pipeline.certify.interface.losses import compare_counts, compare_losses
from pipeline.certify.interface.starts import compare_starts
from pipeline.certify.interface.structure import compare_declarations, compare_outputs
from pipeline.certify.pair import Options, Pair
from pipeline.records import Finding


def check(pair: Pair, options: Options) -> Iterator[Finding]:
    """Findings of level interface."""
    checks: dict[str, Check] = {
        "parameter count": partial(compare_counts, pair),
        "outputs": partial(compare_outputs, pair, options),
        "declared output": partial(compare_declarations, pair),
        "untracked variables": partial(compare_hidden, pair),
        "losses": partial(compare_losses, pair),
        "initial weights": partial(compare_starts, pair),
    }
    yield from run_checks("interface", checks, options.remaining)
