"""Names that become folders, files or imports.  A name is one part of a path, on any system; never a path itself."""

import re

from pipeline.errors import ConfigError

MOST_BYTES = 64  # with what is added to it, a folder's name stays below the 255 that file systems take
_NAME = re.compile(r"\w[\w .+=@,()~-]*")
_STYLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_FAMILY = re.compile(r"[A-Za-z_][A-Za-z0-9_.]*(:[A-Za-z_][A-Za-z0-9_]*)?")
# What Windows takes for a device, with any ending.
_DEVICE = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³])(\..*)?", re.IGNORECASE)


def check_name(key: str, name: str, where: str) -> None:
    """Raises ConfigError for what isn't a name of letters, digits and a few marks between them."""
    remedy = f"use letters, digits, _ and -, at most {MOST_BYTES} bytes"
    if not _NAME.fullmatch(name) or len(name.encode()) > MOST_BYTES:
        raise ConfigError(where, f"{key}: {name[:MOST_BYTES]!r} can't name a folder", remedy)
    if name[-1] in " ." or _DEVICE.fullmatch(name):
        raise ConfigError(where, f"{key}: {name!r} is no folder's name on every system", remedy)


def check_style(name: str, where: str) -> None:
    """Raises ConfigError for what no arm can be called."""
    if not _STYLE.fullmatch(name) or len(name) > MOST_BYTES or _DEVICE.fullmatch(name):
        raise ConfigError(where, f"styles: {name[:MOST_BYTES]!r} is no style", "use letters, digits and _")


def check_family(name: str, where: str) -> None:
    """Raises ConfigError for what is neither a family's name nor module:attribute."""
    module = name.partition(":")[0]
    if not _FAMILY.fullmatch(name) or not all(module.split(".")) or len(name) > 4 * MOST_BYTES:
        what = f"families: {name[:MOST_BYTES]!r} is neither a name nor package.module:ENTRY"
        raise ConfigError(where, what, "use letters, digits and _")
