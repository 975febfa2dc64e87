"""Did tracing change any Python state?  A layer that counts its calls is not the program of one of its calls."""

import hashlib
import itertools
import pickle
import random
import types
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

_DEPTH = 8
_MANY = 1000
_PLAIN = (bool, int, float, complex, str, bytes, type(None))
_LIBRARIES = ("tensorflow", "keras", "tf_keras", "numpy", "builtins", "google", "abc")


def snapshot(model: Any) -> dict[str, str]:
    """The plain values that the model's layers, their helpers and their functions hold, by where they are.

    Followed: attributes, containers, closures, the globals that a function names, and the global random generators.
    """
    generators = {"random": pickle.dumps(random.getstate()), "numpy.random": pickle.dumps(np.random.get_state())}
    found = {name: hashlib.sha256(state).hexdigest() for name, state in generators.items()}
    found.update(_walk(type(model).__name__, model))
    return found


def changed(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[str, ...]:
    """Where two snapshots differ, sorted."""
    return tuple(sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name)))


def _walk(name: str, start: Any) -> Iterator[tuple[str, str]]:
    """Breadth first, so that what is near is never missed for having been met far away."""
    seen: dict[int, Any] = {}
    queue = deque([(name, start, 0)])
    while queue:
        place, value, depth = queue.popleft()
        text = _text(value)
        if text is not None:
            yield place, text
        elif depth < _DEPTH and id(value) not in seen:
            seen[id(value)] = value  # kept alive, so that no other object gets its id
            queue.extend((f"{place}{part}", child, depth + 1) for part, child in _children(value))


def _text(value: Any) -> str | None:
    """What stands for a value that has no parts to look into."""
    if isinstance(value, _PLAIN):
        return repr(value)
    if isinstance(value, np.ndarray):
        return hashlib.sha256(np.ascontiguousarray(value).tobytes()).hexdigest()
    if isinstance(value, np.random.Generator | random.Random | itertools.count):
        return _generator_state(value)
    if isinstance(value, Sequence) and len(value) > _MANY:
        return hashlib.sha256(repr(value).encode()).hexdigest()
    return None


def _generator_state(value: Any) -> str:
    if isinstance(value, np.random.Generator):
        return repr(value.bit_generator.state)
    return repr(value.getstate()) if isinstance(value, random.Random) else repr(value)


def _children(value: Any) -> list[tuple[str, Any]]:
    if isinstance(value, type | types.ModuleType):
        return []
    if isinstance(value, Mapping):
        return [(f"[{key!r}]", child) for key, child in list(value.items())]
    if isinstance(value, list | tuple | set | frozenset):
        return [(f"[{index}]", child) for index, child in enumerate(value)]
    if isinstance(value, types.FunctionType):
        return _function_children(value)
    if isinstance(value, types.MethodType):
        return [("", value.__func__), (".self", value.__self__)]
    return _object_children(value)


def _function_children(function: types.FunctionType) -> list[tuple[str, Any]]:
    cells = zip(function.__code__.co_freevars, function.__closure__ or (), strict=True)
    held = [(f"<{name}>", cell.cell_contents) for name, cell in cells if _filled(cell)]
    named = [(f"<{name}>", function.__globals__.get(name)) for name in function.__code__.co_names]
    return held + [(name, value) for name, value in named if not isinstance(value, types.ModuleType | type)]


def _filled(cell: Any) -> bool:
    try:
        _ = cell.cell_contents
    except ValueError:
        return False
    return True


def _object_children(value: Any) -> list[tuple[str, Any]]:
    layers = list(value._flatten_layers()) if hasattr(value, "_flatten_layers") else []
    if not layers and type(value).__module__.split(".")[0] in _LIBRARIES:
        return []
    attributes = [(f".{name}", child) for name, child in vars(value).items()] if hasattr(value, "__dict__") else []
    below = [(f"/{layer.name}", layer) for layer in layers if layer is not value]
    return attributes + [(f".{name}", child) for name, child in _of_class(type(value))] + below


def _of_class(kind: type) -> list[tuple[str, Any]]:
    """Methods and class attributes of the classes that are no library's."""
    own = [base for base in kind.__mro__ if base.__module__.split(".")[0] not in _LIBRARIES]
    return [(f"{base.__name__}.{name}", item) for base in own for name, item in vars(base).items()]
