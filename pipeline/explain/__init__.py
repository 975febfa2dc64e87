"""What the product's words mean: verdicts, levels, outcomes and checks, each told once, in words.yaml.

`parity explain`, the documentation's tables and its page of words are all made of these texts.
"""

from pipeline.explain.lookup import every, find
from pipeline.explain.text import lines, listing, parts
from pipeline.explain.word import KINDS, Kind, Word

__all__ = ["KINDS", "Kind", "Word", "every", "find", "lines", "listing", "parts"]
