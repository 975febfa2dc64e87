"""Completion of `parity` in a shell: eval "$(register-python-argcomplete parity)"."""

import argparse
import os

ASKED = "_ARGCOMPLETE"  # set by the shell when it asks what may come next


def offer(parser: argparse.ArgumentParser) -> None:
    """Answers the shell and ends the process, if it is a shell that asks."""
    if ASKED in os.environ:
        import argcomplete

        argcomplete.autocomplete(parser)


def words(prefix: str, **_: object) -> list[str]:
    """The names that `parity explain` knows; they may have spaces, which the shell escapes."""
    from pipeline.explain import every

    return [word.name for word in every() if word.name.startswith(prefix)]


def data_sets(prefix: str, **_: object) -> list[str]:
    """The names of the catalogue."""
    from pipeline.data.catalogue import CATALOGUE

    return [name for name in CATALOGUE if name.startswith(prefix)]
