"""What this installation has to choose from, and what pins a trial's numbers.  Imports neither TensorFlow nor Ray."""

import hashlib
from importlib import metadata
from pathlib import Path

from pipeline.data import catalogue
from pipeline.layers import registry
from pipeline.records import Inventory

# Distributions whose version changes numbers, or without which a report can't be read years later.
PINNED = ("tensorflow", "keras", "tf_keras", "numpy")
NOTED = (*PINNED, "layerparity", "ray", "tensorboard", "omegaconf", "scipy", "scikit-learn")

# Code that every trial runs through, besides its own family's file.
ENGINE = ("frontend.py", "layers/family.py", "layers/source.py", "layers/article.py", "training/**/*.py")
CERTIFIER = ("frontend.py", "layers/family.py", "certify/**/*.py")


def take() -> Inventory:
    """The families, the data sets, the versions and the engine's digest of this installation."""
    return Inventory(registry.catalogue(), catalogue.infos(), versions(PINNED), _digest(ENGINE), _digest(CERTIFIER))


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
