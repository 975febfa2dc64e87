"""What this installation has to choose from, and what pins a trial's numbers.  Imports neither TensorFlow nor Ray."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from importlib import metadata
from pathlib import Path

from pipeline.data import catalogue
from pipeline.data.files import encoded
from pipeline.errors import ConfigError
from pipeline.layers import registry
from pipeline.records import FileSource, Inventory

# Distributions whose version changes numbers, or without which a report can't be read years later.
PINNED = ("tensorflow", "keras", "tf_keras", "numpy")
NOTED = (*PINNED, "layerparity", "ray", "tensorboard", "omegaconf", "scipy", "scikit-learn")

# Code that every trial runs through, besides its own family's file.
COMMON = ("frontend.py", "layers/family.py", "layers/view.py", "optimizers/*.py")
ENGINE = (*COMMON, "layers/source.py", "layers/article.py", "layers/captured.py", "training/**/*.py")
CERTIFIER = (*COMMON, "certify/**/*.py")
TIMER = (*ENGINE, "timing/**/*.py")


def take(
    families: Iterable[str] = (), sources: Mapping[str, FileSource] | None = None, allowed: Sequence[str] = ()
) -> Inventory:
    """The families, the data sets, the versions and the engine's digest of this installation.

    Those of `families` that other packages have are among them, and the data sets in a user's own files, which are
    encoded if they are new.  `allowed` are the modules that may be imported for families of others; none named: any.
    Raises ConfigError for a family that can't be had and for a data set's name that is taken,
    DataError for files that can't be read.
    """
    known, data = registry.catalogue(families, allowed), catalogue.infos()
    for name, source in (sources or {}).items():
        if name in data:
            raise ConfigError(f"sources.{name}", "is the name of a data set of the catalogue", "give it another name")
        data[name] = encoded.info(name, source)
    return Inventory(known, data, versions(PINNED), _digest(ENGINE), _digest(CERTIFIER), _digest(TIMER))


def versions(names: tuple[str, ...] = NOTED) -> dict[str, str]:
    """Installed versions by distribution; "absent" where one is not installed."""
    return {name: _version(name) for name in names}


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "absent"


def _digest(patterns: tuple[str, ...]) -> str:
    package = Path(__file__).parent
    digest = hashlib.sha256()
    for file in sorted(file for pattern in patterns for file in package.glob(pattern)):
        digest.update(file.relative_to(package).as_posix().encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()
