"""The folder that goes along with a job: packed as Ray packs it, and looked at before it is sent."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from zipfile import ZipFile

from pipeline.errors import ConfigError

LIMIT_MIB = 100  # Ray takes up to 512; one of this size already takes every node a while to fetch
_NAMED = 3  # the largest files that an error names
_MIB = 2**20


@dataclass(frozen=True)
class Package:
    """A zip file, and the bytes that each file in it had."""

    path: Path
    sizes: dict[str, int]

    @property
    def mib(self) -> float:
        """The size of the zip file."""
        return self.path.stat().st_size / _MIB


def pack(folder: Path, into: Path, *, needed: Sequence[Path], limit_mib: float = LIMIT_MIB) -> Package:
    """Packs what Ray would send of `folder`: all but what its .gitignore and .rayignore name, .git and environments.

    ConfigError, before anything is sent, if it is larger than `limit_mib`, with its largest files, or if a file that
    the job `needed` is not in it.
    """
    from ray._private.ray_constants import get_runtime_env_default_excludes
    from ray._private.runtime_env.packaging import create_package

    quiet = logging.getLogger("ray.packaging")
    quiet.setLevel(logging.ERROR)
    archive = into / "package.zip"
    create_package(
        str(folder), archive, include_gitignore=True, excludes=get_runtime_env_default_excludes(), logger=quiet
    )
    with ZipFile(archive) as opened:
        sizes = {entry.filename: entry.file_size for entry in opened.infolist() if not entry.is_dir()}
    package = Package(archive, sizes)
    _check_size(package, folder, limit_mib)
    for file in needed:
        _check_has(package, folder, file)
    return package


def _check_size(package: Package, folder: Path, limit_mib: float) -> None:
    if package.mib <= limit_mib:
        return
    largest = sorted(package.sizes, key=package.sizes.__getitem__, reverse=True)[:_NAMED]
    named = ", ".join(f"{name} {package.sizes[name] / _MIB:.1f} MiB" for name in largest)
    what = f"the package has {package.mib:.1f} MiB, more than {limit_mib:g} (largest: {named})"
    raise ConfigError(str(folder), what, "name what the job does not need in .rayignore, or raise --limit-mib")


def _check_has(package: Package, folder: Path, file: Path) -> None:
    try:
        name = str(PurePosixPath(file.resolve().relative_to(folder.resolve())))
    except ValueError:
        raise ConfigError(
            str(file), f"is not in {folder}, which the job gets", "move it there, or give another --working-dir"
        ) from None
    if name not in package.sizes:
        raise ConfigError(
            str(file), "is kept back by .rayignore or .gitignore", "let it through (`!name` in .rayignore)"
        )
