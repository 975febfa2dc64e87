"""Templates to files.  What is written runs as it stands; the user then replaces the arms."""

import importlib.util
import keyword
import re
from collections.abc import Mapping
from importlib import resources
from pathlib import Path
from string import Template

from pipeline.data.catalogue import CATALOGUE
from pipeline.errors import ConfigError
from pipeline.layers.registry import FAMILIES
from pipeline.store.atomic import write_atomic

# What a config of each kind of data starts with: the data set, and the margin of each metric it has.
KINDS: Mapping[str, Mapping[str, str]] = {
    "vectors": {"data": "mnist_5k", "margins": "accuracy: 0.01 # one point", "option": "units"},
    "ids": {"data": "movielens_100k", "margins": "rmse: 0.01 # a hundredth of a star\n  auc: 0.01", "option": "width"},
}


def write(name: str, kind: str, into: Path) -> list[Path]:
    """Writes the files and returns their paths.  ConfigError for a name that can't be one, or a file that is there."""
    _check(name, into)
    files = {into / path: text for path, text in _rendered(name, kind).items()}
    for path in files:
        if path.exists():
            raise ConfigError(str(path), "is there already, and is not overwritten", "choose another name or --into")
    for path, text in files.items():
        write_atomic(path, text.encode())
    return list(files)


def next_steps(name: str) -> list[str]:
    """What to type next, in order."""
    return [
        "",
        f"Put your two implementations into {name}/family.py; as it stands it has two that are alike.  Then:",
        f"  python -m pytest test_{name}.py           are they the same layer? one certificate",
        f"  parity plan {name}.yaml                   what would run",
        f"  parity run {name}.yaml                    certify and train both, write the report",
        f"  sh jobs/{name}.sh                         the same on a Ray cluster",
    ]


def _rendered(name: str, kind: str) -> dict[str, str]:
    camel = "".join(word.capitalize() for word in name.split("_"))
    values = {"name": name, "camel": camel, "kind": kind, **KINDS[kind]}
    targets = {
        f"{name}/__init__.py": "package.txt",
        f"{name}/family.py": f"family-{kind}.txt",
        f"{name}/parity.py": "entry.txt",
        f"{name}.yaml": "config.txt",
        f"test_{name}.py": f"test-{kind}.txt",
        f"jobs/{name}.sh": "job.txt",
    }
    folder = resources.files("pipeline.init").joinpath("templates")
    return {
        path: Template(folder.joinpath(template).read_text(encoding="utf-8")).substitute(values)
        for path, template in targets.items()
    }


def _check(name: str, into: Path) -> None:
    where = f"init {name}"
    if not re.fullmatch("[a-z][a-z0-9_]*", name) or keyword.iskeyword(name):
        raise ConfigError(where, "is no name of a family", "use small letters, digits and underscores, e.g. scaled")
    if name in FAMILIES or name in CATALOGUE:
        raise ConfigError(where, "is a family or a data set that layerparity has", "choose another name")
    if not (into / name).exists() and importlib.util.find_spec(name) is not None:
        raise ConfigError(where, "is a Python module already, which the package would hide", "choose another name")
