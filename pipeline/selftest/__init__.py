"""The product's power, measured on pairs with known truth: the bank, and what runs a comparison over it.

    confusion = runner.run(bank(split), certify.comparison.compare, processes=2, time_limit=120.0)

`confusion` is a record, so `msgspec.json.encode` makes JSON of it; `confusion.passed` and `.render()` tell the outcome.
"""

import importlib

from pipeline.selftest.confusion import Confusion
from pipeline.selftest.pair import Pair, Split

TOPICS = (
    "dense",
    "lookup",
    "hashing",
    "update",
    "pooling",
    "numeric",
    "norms",
    "attention",
    "interactions",
    "recurrent",
    "noise",
    "gradient",
    "structure",
    "lifecycle",
)

__all__ = ["Confusion", "Pair", "bank"]


def bank(split: Split | None = None) -> tuple[Pair, ...]:
    """Every pair, or those of one split, in the topics' order.  Importing the topics imports the frontend."""
    topics = [importlib.import_module(f"pipeline.selftest.bank.{topic}") for topic in TOPICS]
    return tuple(pair for topic in topics for pair in topic.PAIRS if split in (None, pair.split))
