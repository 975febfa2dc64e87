"""From `module:callable` or `file.py:callable` to a built arm, with errors that name the arm."""

import contextlib
import importlib
import importlib.util
import inspect
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import numpy.typing as npt

from pipeline.allowed import check_module
from pipeline.certify.findings import first_line
from pipeline.certify.weights import preserved
from pipeline.errors import BuilderError, ConfigError
from pipeline.frontend import keras
from pipeline.records import InputSpec

Builder = Callable[[], Any]
CALL_OPTIONS = frozenset({"training", "mask"})


def resolve(arm: str, reference: str) -> Builder:
    """The builder that `reference` names; `arm` is "baseline" or "candidate".  Raises BuilderError."""
    place, separator, attribute = reference.rpartition(":")
    if not separator or not place or not attribute:
        raise BuilderError(
            arm, f"{reference!r} is not module:callable", "write package.module:callable or file.py:callable"
        )
    _check_allowed(arm, reference)
    module = _load_file(arm, Path(place)) if place.endswith(".py") else _import(arm, place)
    builder = getattr(module, attribute, None)
    if builder is None:
        near = ", ".join(name for name, value in vars(module).items() if callable(value) and not name.startswith("_"))
        raise BuilderError(arm, f"{place} has no {attribute!r}", f"name one of its callables: {near or 'it has none'}")
    if not callable(builder):
        raise BuilderError(arm, f"{reference} is a {type(builder).__name__}", "name a callable without arguments")
    return builder  # type: ignore[no-any-return]


def _check_allowed(arm: str, reference: str) -> None:
    try:
        check_module(reference, arm)
    except ConfigError as problem:
        raise BuilderError(arm, problem.what, problem.remedy) from None


def _import(arm: str, name: str) -> ModuleType:
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as problem:
        remedy = "check its spelling, or run where it can be imported"
        raise BuilderError(arm, f"module {name!r} can't be imported ({problem})", remedy) from None
    except (Exception, SystemExit) as problem:
        raise BuilderError(arm, f"importing {name!r} raised {first_line(problem)}", "mend that module") from None


def _load_file(arm: str, path: Path) -> ModuleType:
    """The file as a module named by its stem, so that classes in it can be found again by module name."""
    if not path.is_file():
        raise BuilderError(arm, f"there is no file {path}", "check the path; it is relative to the current directory")
    known = sys.modules.get(path.stem)
    if known is not None and Path(getattr(known, "__file__", None) or "").resolve() == path.resolve():
        return known
    name = path.stem if known is None else f"{path.stem}_{abs(hash(path.resolve())):x}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise BuilderError(arm, f"{path} can't be loaded", "name a Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except (Exception, SystemExit) as problem:
        del sys.modules[name]
        raise BuilderError(arm, f"running {path} raised {first_line(problem)}", "mend that file") from None
    return module


def build(arm: str, builder: Builder, inputs: Sequence[InputSpec]) -> Any:
    """A fresh arm, built, and called once on two rows of data that fit `inputs`.  Raises BuilderError."""
    try:
        model = builder()
    except (Exception, SystemExit) as problem:
        raise BuilderError(arm, f"its builder raised {first_line(problem)}", "mend the builder") from None
    if not isinstance(model, keras.layers.Layer):
        what = f"its builder returned {type(model).__name__}, which is neither a Layer nor a Model of {keras.__name__}"
        raise BuilderError(
            arm, what, f"return an instance of {keras.__name__}'s Layer or Model, or change the frontend"
        )
    try:
        make_weights(model, inputs)
        with preserved(model):
            _call(model, [middle(spec, batch=2) for spec in inputs])
    except (Exception, SystemExit) as problem:
        text = "; ".join(f"{spec.dtype}{list(spec.shape)}" for spec in inputs)
        what = f"it can't be called on inputs {text}: {first_line(problem)}"
        raise BuilderError(arm, what, "give --inputs that fit what it takes, without the batch dimension") from None
    return model


def make_weights(model: Any, inputs: Sequence[InputSpec]) -> None:
    """Builds the arm without running it, which might move its state.  What fails here fails again when it is called."""
    if not model.built:
        with contextlib.suppress(Exception):
            _call(model, [keras.Input(spec.shape, dtype=spec.dtype) for spec in inputs])


def _call(model: Any, values: list[Any]) -> None:
    if passes_positionally(model, len(values)):
        model(*values)
    else:
        model(values[0] if len(values) == 1 else values)


def middle(spec: InputSpec, batch: int) -> npt.NDArray[np.generic]:
    """(batch, *shape): a constant from the middle of the declared range."""
    value = spec.low / 2 + spec.high / 2
    return np.full((batch, *spec.shape), value).astype(_numpy_dtype(spec.dtype))


def _numpy_dtype(name: str) -> Any:
    import tensorflow as tf

    return tf.as_dtype(name).as_numpy_dtype


def passes_positionally(model: Any, inputs: int) -> bool:
    """Whether several inputs go one by one: where `call` itself names as many required arguments; else as a list."""
    if inputs < 2:
        return False
    named = [
        parameter
        for parameter in inspect.signature(model.call).parameters.values()
        if parameter.kind in (parameter.POSITIONAL_ONLY, parameter.POSITIONAL_OR_KEYWORD)
        and parameter.default is parameter.empty
        and parameter.name not in CALL_OPTIONS
    ]
    return len(named) >= inputs


def takes_training(model: Any) -> bool:
    """Whether `call` accepts `training`, by name or by **kwargs."""
    parameters = inspect.signature(model.call).parameters
    return "training" in parameters or any(p.kind is p.VAR_KEYWORD for p in parameters.values())
