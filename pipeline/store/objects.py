"""The objects below a URI of an object store, through fsspec.  One PUT makes an object whole or not at all.

The only import of fsspec.  Whatever goes wrong is a RunDirectoryError, without the secrets that an error may quote.
"""

import errno
import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from importlib import import_module
from itertools import chain, repeat
from typing import Any, TypeVar

from pipeline.errors import RunDirectoryError
from pipeline.redacted import redact

TRIED_SECONDS = 60.0  # what a store that does not answer gets, then the run ends and can be resumed
PAUSES_SECONDS = (0.5, 1.0, 2.0, 4.0)  # between attempts; the last one again and again
AT_ONCE = 16
MESSAGE_LENGTH = 300
# Of each scheme: the extra that has its package, and how that is set up.
EXTRAS: Mapping[str, str] = {"s3": "s3", "gs": "gcs"}
_OPTIONS: Mapping[str, Mapping[str, Any]] = {
    "s3": {"config_kwargs": {"connect_timeout": 10, "read_timeout": 30, "retries": {"total_max_attempts": 1}}},
    "gs": {},
}
_FINAL = (FileNotFoundError, PermissionError, FileExistsError, ValueError, TypeError)
_FINAL_NUMBERS = frozenset({errno.ENOSYS, errno.EINVAL, errno.EPERM})
_NO_RIGHTS = frozenset({"NoCredentialsError", "PartialCredentialsError", "DefaultCredentialsError", "ProfileNotFound"})
_DENIED, _MISSING, _BUSY = frozenset({401, 403}), 404, frozenset({408, 429})

Given = TypeVar("Given")
Got = TypeVar("Got")


class Objects:
    """Those whose names, relative to it, follow `uri`: `s3://bucket/runs/demo`, without a slash at its end."""

    def __init__(self, uri: str) -> None:
        self.uri, self._is_away = uri, False
        scheme, _, self._root = uri.partition("://")
        self._files = _file_system(scheme, uri)

    def names(self, under: str = "") -> list[str]:
        """The names that begin with the folder's, or all, in their order."""
        folder = f"{self._root}/{under}".rstrip("/")
        found = self._tried("listed", lambda: self._files.find(folder))
        # A folder that is made while s3fs looks for it is listed as an object itself.
        inside = (str(path) for path in found if str(path).startswith(f"{folder}/"))
        return sorted(path.removeprefix(f"{self._root}/") for path in inside)

    def get(self, names: Iterable[str]) -> dict[str, bytes]:
        """Their contents; nothing of those that are not there."""
        found = self._each("read", self._content, list(names))
        return {name: content for name, content in found.items() if content is not None}

    def put(self, contents: Mapping[str, bytes]) -> None:
        """Makes them, or replaces them."""
        self._each("written", lambda name: self._files.pipe_file(self._path(name), contents[name]), list(contents))

    def create(self, name: str, content: bytes) -> bool:
        """Makes the object where there is none of its name; whether it has: of several that try one succeeds."""

        def make() -> bool:
            try:
                self._files.pipe_file(self._path(name), content, mode="create")
            except FileExistsError:
                return self._content(name) == content  # of an attempt whose answer was lost
            return True

        return self._tried("written", make, name)

    def remove(self, names: Iterable[str]) -> None:
        """Removes those that are there."""
        self._each("removed", self._removed, list(names))

    def _path(self, name: str) -> str:
        return f"{self._root}/{name}"

    def _content(self, name: str) -> bytes | None:
        try:
            return bytes(self._files.cat_file(self._path(name)))
        except FileNotFoundError:
            return None

    def _removed(self, name: str) -> None:
        with suppress(FileNotFoundError):
            self._files.rm_file(self._path(name))

    def _each(self, done: str, call: Callable[[str], Got], names: list[str]) -> dict[str, Got]:
        """The call's result by name."""

        def one(name: str) -> Got:
            return self._tried(done, lambda: call(name), name)

        if len(names) < 2:
            return {name: one(name) for name in names}
        with ThreadPoolExecutor(min(AT_ONCE, len(names))) as pool:
            return dict(zip(names, pool.map(one, names), strict=True))

    def _tried(self, done: str, call: Callable[[], Got], name: str = "") -> Got:
        """The call's result, after some attempts if the connection is bad; after one where all were in vain before."""
        until = time.monotonic() + (0.0 if self._is_away else TRIED_SECONDS)
        pauses = chain(PAUSES_SECONDS, repeat(PAUSES_SECONDS[-1]))
        while True:
            try:
                got, self._is_away = call(), False
                return got
            except Exception as error:  # each store's package has its own kinds
                pause, is_final = next(pauses), _is_final(error)
                if is_final or time.monotonic() + pause > until:
                    self._is_away = not is_final
                    raise self._refused(done, error, name) from None
            time.sleep(pause)

    def _refused(self, done: str, error: Exception, name: str) -> RunDirectoryError:
        text = redact(" ".join(str(error).split()))[:MESSAGE_LENGTH]
        where = f"{self.uri}/{name}" if name else self.uri
        return RunDirectoryError(where, f"can't be {done} ({type(error).__name__}: {text})", _remedy(error))


def _file_system(scheme: str, uri: str) -> Any:
    try:
        fsspec = import_module("fsspec")
        return fsspec.filesystem(scheme, use_listings_cache=False, skip_instance_cache=True, **_OPTIONS[scheme])
    except ImportError as error:
        remedy = f"pip install 'layerparity[{EXTRAS[scheme]}]'"
        raise RunDirectoryError(uri, f"what reads {scheme}:// is not here ({error})", remedy) from None
    except Exception as error:  # no credentials, to some packages
        what = f"can't be reached ({type(error).__name__}: {redact(' '.join(str(error).split()))[:MESSAGE_LENGTH]})"
        raise RunDirectoryError(uri, what, _remedy(error)) from None


def _is_final(error: Exception) -> bool:
    """Whether another attempt would end in the same way."""
    if isinstance(error, _FINAL) or type(error).__name__ in _NO_RIGHTS:
        return True
    code = _code(error)
    return getattr(error, "errno", None) in _FINAL_NUMBERS or (400 <= code < 500 and code not in _BUSY)


def _code(error: Exception) -> int:
    """Of a store that answers in HTTP's."""
    code = str(getattr(error, "code", None))
    return int(code) if code.isdigit() else 0


def _remedy(error: Exception) -> str:
    if isinstance(error, PermissionError) or type(error).__name__ in _NO_RIGHTS or _code(error) in _DENIED:
        return "give this process credentials that may list, read, write and delete there"
    if isinstance(error, FileNotFoundError) or _code(error) == _MISSING:
        return "make the bucket, or name another"
    if getattr(error, "errno", None) == errno.ENOSYS:
        return "use a store that can make an object only where there is none (a conditional PUT), or a disk"
    if _is_final(error):
        return "choose another --run-dir"
    return "run again once the store can be reached: what is finished is kept"
