"""Which modules a config or a command may name, where someone has set a limit.

A name of the form `module:attribute` is code that runs with the rights of whoever runs it.  The limit is a list of
modules, each with what lies below it; it stands in a config (`allowed_modules`) and, for all commands of a machine, in
PARITY_ALLOWED_MODULES (separated by commas).  Where both are set, both hold.  It says what may be named; what an
allowed module then does is not limited.
"""

import os
from collections.abc import Sequence

from pipeline.errors import ConfigError

VARIABLE = "PARITY_ALLOWED_MODULES"


def check_module(named: str, where: str, allowed: Sequence[str] = ()) -> None:
    """Raises ConfigError if a limit is set and the module that `named` begins with (`module:attribute`) is beyond it.

    A file (`path/arm.py:build`) is beyond any.
    """
    everyone = tuple(word.strip() for word in os.environ.get(VARIABLE, "").split(",") if word.strip())
    for source, limit in (("allowed_modules", tuple(allowed)), (VARIABLE, everyone)):
        if limit and not _within(named.rpartition(":")[0] or named, limit):
            what = f"{named[:200]!r} is not among the modules that {source} allows ({', '.join(limit)})"
            raise ConfigError(where, what, "name one of those, or have it allowed")


def _within(module: str, limit: Sequence[str]) -> bool:
    return any(module == each or module.startswith(f"{each}.") for each in limit) and not module.endswith(".py")
