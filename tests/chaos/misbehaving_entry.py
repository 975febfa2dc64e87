"""Where the family is, without importing it."""

from pipeline.layers.registry import Entry

STYLES = ("class", "raises", "prints", "forks", "exits", "vanishes", "loops")
ENTRY = Entry(name="misbehaving", modules=("misbehaving",), accepts=("vectors",), styles=STYLES)
