"""Variables that an arm uses and does not track: not trained, not saved, not counted."""

from collections.abc import Iterator

import tensorflow as tf

from pipeline.certify.pair import Pair
from pipeline.certify.subject import Subject, call, tensor_specs
from pipeline.frontend import tensor_variable
from pipeline.records import Finding


def compare_hidden(pair: Pair) -> Iterator[Finding]:
    """Traces each arm and compares what it captures with what it tracks."""
    shown = [sorted(_hidden(subject, pair.modes)) for subject in pair.subjects]
    if not any(shown):
        yield Finding("interface", "untracked variables", "same", "both arms track every variable that they use")
        return
    told = [
        f"the {subject.name} uses {', '.join(names)}, which it does not track: not trained, not saved"
        for subject, names in zip(pair.subjects, shown, strict=True)
        if names
    ]
    alike = len(shown[0]) == len(shown[1])
    yield Finding("interface", "untracked variables", "note" if alike else "different", "; ".join(told))


def _hidden(subject: Subject, modes: tuple[bool, ...]) -> set[str]:
    tracked = {id(tensor_variable(variable).handle) for variable in subject.model.variables}
    found: set[str] = set()
    for training in modes:
        function = tf.function(lambda *tensors, mode=training: call(subject, tensors, mode), autograph=False)
        traced = function.get_concrete_function(*tensor_specs(subject, 2))
        handles = [each for each in traced.captured_inputs if each.dtype == tf.resource]
        names = {id(variable.handle): variable.name for variable in traced.graph.variables}
        found |= {names[id(each)] for each in handles if id(each) in names and id(each) not in tracked}
    return found
