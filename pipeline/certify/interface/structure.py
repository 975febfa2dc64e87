"""What goes out: structure, shapes and dtypes of the outputs, as they are and as they are declared."""

from collections.abc import Iterator, Sequence
from typing import Any

import tensorflow as tf

from pipeline.certify.builders import middle
from pipeline.certify.findings import first_line
from pipeline.certify.pair import Options, Pair
from pipeline.certify.subject import Subject, call
from pipeline.frontend import IS_KERAS_3, keras
from pipeline.records import Finding

Signature = tuple[str, tuple[tuple[str, tuple[int | None, ...]], ...]]


def compare_outputs(pair: Pair, options: Options) -> Iterator[Finding]:
    """One finding over all batch sizes: the same nest of tensors, shapes and dtypes."""
    for batch in options.batches:
        shown = [_signature(_outputs(subject, batch)) for subject in pair.subjects]
        if shown[0] != shown[1]:
            sentence = f"with {batch} rows the baseline gives {_text(shown[0])} and the candidate {_text(shown[1])}"
            yield Finding("interface", "outputs", "different", sentence)
            return
    sentence = f"both give {_text(shown[1])}"
    yield Finding("interface", "outputs", "same", sentence, proves="output structure, shapes and dtypes")


def _outputs(subject: Subject, batch: int) -> Any:
    tensors = [tf.convert_to_tensor(middle(spec, batch), spec.dtype) for spec in subject.inputs]
    return call(subject, tensors, training=False)


def _signature(outputs: Any) -> Signature:
    leaves = tf.nest.flatten(outputs)
    structure = tf.nest.map_structure(lambda _: ".", outputs)
    return str(structure), tuple((str(tf.as_dtype(leaf.dtype).name), tuple(leaf.shape)) for leaf in leaves)


def _text(signature: Signature) -> str:
    tensors = ", ".join(f"{dtype}{list(shape)}" for dtype, shape in signature[1])
    return tensors if signature[0] == "." else f"{signature[0]} of {tensors}"


def compare_declarations(pair: Pair) -> Iterator[Finding]:
    """Whether each arm's declared output is what it gives; a lie in one arm alone is a difference."""
    lies = [_lie(subject) for subject in pair.subjects]
    told = [f"the {subject.name} {lie}" for subject, lie in zip(pair.subjects, lies, strict=True) if lie]
    if not told:
        yield Finding("interface", "declared output", "same", "neither arm declares another output than it gives")
    else:
        yield Finding("interface", "declared output", "different" if len(told) == 1 else "note", " and ".join(told))


def _lie(subject: Subject) -> str:
    batch = 3
    real = _signature(_outputs(subject, batch))
    try:
        declared = _declared(subject, batch)
    except (NotImplementedError, TypeError):
        return ""  # it declares nothing
    except Exception as problem:  # a declaration that can't be asked is itself worth telling
        return f"can't tell its output shape: {first_line(problem)}"
    shapes = [shape for _, shape in real[1]]
    if len(shapes) != len(declared) or not all(map(_compatible, declared, shapes)):
        return f"declares output shape {[list(shape) for shape in declared]} and gives {[list(s) for s in shapes]}"
    return ""


def _compatible(declared: Sequence[int | None], real: Sequence[int | None]) -> bool:
    return len(declared) == len(real) and all(d is None or d == r for d, r in zip(declared, real, strict=True))


def _declared(subject: Subject, batch: int) -> list[tuple[int | None, ...]]:
    shapes = [(batch, *spec.shape) for spec in subject.inputs]
    if not IS_KERAS_3:
        result = subject.model.compute_output_shape(shapes[0] if len(shapes) == 1 else shapes)
        return [tuple(shape) for shape in _shape_leaves(result)]
    tensors = [keras.KerasTensor(shape, spec.dtype) for shape, spec in zip(shapes, subject.inputs, strict=True)]
    given = tensors if subject.positional_inputs else [tensors[0] if len(tensors) == 1 else tensors]
    return [tuple(leaf.shape) for leaf in tf.nest.flatten(subject.model.compute_output_spec(*given))]


def _shape_leaves(shapes: Any) -> list[Any]:
    """The shapes in a nest of shapes: a shape is itself a tuple, or a TensorShape."""
    if isinstance(shapes, tf.TensorShape):
        return [shapes]
    if isinstance(shapes, dict):
        return [leaf for key in sorted(shapes) for leaf in _shape_leaves(shapes[key])]
    if all(size is None or isinstance(size, int) for size in shapes):
        return [shapes]
    return [leaf for each in shapes for leaf in _shape_leaves(each)]
