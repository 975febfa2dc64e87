"""Families of other packages: by `module:attribute`, or by the name of an entry point."""

import importlib
import re
import sys
from collections.abc import Sequence
from importlib import metadata
from pathlib import Path
from types import ModuleType

from pipeline.allowed import check_module
from pipeline.errors import ConfigError
from pipeline.layers.entry import Entry

GROUP = "layerparity.families"
WHERE = "families"


def installed() -> tuple[str, ...]:
    """The names of the families that installed packages offer, which are not imported for it."""
    return tuple(sorted(point.name for point in metadata.entry_points(group=GROUP)))


def resolve(name: str, allowed: Sequence[str] = ()) -> Entry | None:
    """The entry that a reference or an entry point's name stands for; None where it is neither.

    Raises ConfigError for what may not be named (`allowed`: modules), can't be imported, is no Entry, or has no proper
    name.
    """
    if ":" in name:
        check_module(name, WHERE, allowed)
        return _checked(*name.rsplit(":", 1), called=name)
    for point in metadata.entry_points(group=GROUP, name=name):
        check_module(point.value, WHERE, allowed)
        entry = _checked(*point.value.rsplit(":", 1), called=f"{point.value} (entry point {name!r})")
        if entry.name != name:
            remedy = "give both one name"
            raise ConfigError(WHERE, f"the entry point {name!r} leads to a family called {entry.name!r}", remedy)
        return entry
    return None


def _checked(module: str, attribute: str = "", *, called: str) -> Entry:
    found = getattr(_imported(module, called), attribute, None)
    if found is None:
        raise ConfigError(WHERE, f"{called}: {module} has no {attribute!r}", "name its Entry as package.module:ENTRY")
    entry = found() if callable(found) else found
    if not isinstance(entry, Entry):
        what = f"{called} is a {type(entry).__name__}"
        raise ConfigError(WHERE, what, "name a pipeline.layers.registry.Entry, or a callable that returns one")
    if not re.fullmatch("[a-z][a-z0-9_]*", entry.name):
        raise ConfigError(WHERE, f"{called} has name={entry.name!r}", "use small letters, digits and underscores")
    return entry


def _imported(module: str, called: str) -> ModuleType:
    # `python -m pipeline` looks in the current directory, the command `parity` does not.
    if str(Path.cwd()) not in sys.path:
        sys.path.insert(0, str(Path.cwd()))
    try:
        return importlib.import_module(module)
    except (ModuleNotFoundError, ValueError) as problem:
        remedy = "check its spelling, or run where it can be imported"
        raise ConfigError(WHERE, f"{called} can't be imported ({problem})", remedy) from None
    except (Exception, SystemExit) as problem:  # whatever a user's module does
        raise ConfigError(WHERE, f"importing {called} raised {problem!r}", "mend that module") from None
