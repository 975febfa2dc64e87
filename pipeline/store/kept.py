"""What evidence keeps beside its record, as bytes by file name.  E epochs, K buckets.

histograms.npz       by arm, `weights/<role>` and `gradients/<role>`: (E, K, 3) left end, right end and count
<style>.graph.pb     the GraphDef of the arm's forward pass
<style>.xplane.pb    what TensorFlow's profiler saw of the arm's steps
"""

from pathlib import Path

from pipeline.errors import RunDirectoryError
from pipeline.records import Style

HISTOGRAMS = "histograms.npz"


def graph_of(style: Style) -> str:
    """The name of the file with the arm's graph."""
    return f"{style}.graph.pb"


def trace_of(style: Style) -> str:
    """The name of the file with the trace of the arm's steps."""
    return f"{style}.xplane.pb"


def read_folder(folder: Path) -> dict[str, bytes]:
    """What was written there; nothing if nothing was.  RunDirectoryError as for a file."""
    return {path.name: read_file(path) for path in sorted(folder.glob("[!.]*"))}


def read_file(path: Path) -> bytes:
    """RunDirectoryError if it can't be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        remedy = "delete this file: only TensorBoard shows what is in it"
        raise RunDirectoryError(str(path), f"can't be read ({error.strerror})", remedy) from error
