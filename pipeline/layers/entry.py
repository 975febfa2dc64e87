"""What is known of a family without importing it, and so without importing TensorFlow."""

import hashlib
import importlib.util
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.errors import ConfigError
from pipeline.records import DataKind, FamilyInfo, Style

PACKAGE = "pipeline.layers"


@dataclass(frozen=True)
class Entry:
    """Where a family lives.

    `modules` are all that its arms are made of, each a file; the first has `FAMILY`.  A leading dot stands for this
    package.  `options` are the fields of its spec that a config may set: whole numbers, but for those in `words`, which
    gives what they may be, and those in `fractions`, which may be any number above 0.  `name` is what a family from
    elsewhere is called: small letters, digits and underscores.
    """

    modules: tuple[str, ...]
    accepts: tuple[DataKind, ...]
    styles: tuple[Style, ...]
    options: tuple[str, ...] = ()
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    fractions: tuple[str, ...] = ()
    name: str = ""

    def info(self, name: str, reference: str = "") -> FamilyInfo:
        """For planning; `source` digests the modules' files.  Raises ConfigError for one that isn't there."""
        return FamilyInfo(
            name, self.accepts, self.styles, self._digest(name), self.options, self.words, self.fractions, reference
        )

    def _digest(self, name: str) -> str:
        digest = hashlib.sha256(",".join(self.accepts).encode())
        for module in self.modules:
            digest.update(module.encode() + b"\0" + _file(module, name).read_bytes())
        return digest.hexdigest()


def _file(module: str, family: str) -> Path:
    """The module's file; only packages around it are imported."""
    try:
        found = importlib.util.find_spec(module, PACKAGE)
    except ImportError:
        found = None
    if found is None or found.origin is None:
        what = f"there is no module {module!r}, of which the family {family!r} is made"
        raise ConfigError("families", what, "mend `modules` of its Entry")
    return Path(found.origin)
