"""The fingerprint of TensorFlow's own graph: for what XLA can't compile, and for an open batch size.

The graph is hashed as it stands, without rewriting, so few equal layers have equal graphs; where they do, the graphs
are equal for every batch size, and so are their gradients.
"""

import hashlib
from collections.abc import Mapping
from typing import Any

from tensorflow.python.framework import op_def_registry

from pipeline.certify.program.lowering import parameters_of, signature
from pipeline.certify.program.records import ProgramRefused
from pipeline.certify.program.tracing import trace_forward
from pipeline.certify.subject import Subject
from pipeline.records import Fingerprint

# Stateful ops that only read, or only call graphs that are looked into.
_READS = frozenset(
    [
        "LookupTableFindV2",
        "ReadVariableOp",
        "ResourceGather",
        "ResourceGatherNd",
        "Placeholder",
        "StatefulPartitionedCall",
        "StatelessWhile",
        "While",
        "StatelessIf",
        "If",
    ]
)
# How TensorFlow places, names or infers; not what it computes.
_HINTS = frozenset(
    {"_output_shapes", "_class", "_collective_manager_ids", "_read_only_resource_inputs", "_XlaMustCompile"}
)


def graphdef_fingerprint(subject: Subject, training: bool) -> Fingerprint:
    """The hash of one call's graph with an open batch size.

    Lookup tables count by content.  Raises ProgramRefused where the graph keeps or changes state (dropout, moving
    averages) or calls back into Python.
    """
    traced = trace_forward(subject, None, training)
    parameters, _ = parameters_of(traced, subject)
    graph = traced.function.graph
    names = (tensor.op.name for tensor in traced.function.inputs)
    tokens = {name: parameter.token for name, parameter in zip(names, parameters, strict=True)}
    definition = graph.as_graph_def()
    _refuse_state(definition)
    hashed = _Hashed(definition)
    results = [hashed.tensor(hashed.nodes, tensor.name, tokens) for tensor in traced.function.outputs]
    text = repr((signature("forward", traced, subject), traced.results, traced.structure, results))
    return Fingerprint(hashlib.sha256(text.encode()).hexdigest(), len(hashed.nodes))


def _refuse_state(graph: Any) -> None:
    """Looks at every op, those too that no result rests on: an update of a variable is one."""
    ops = {
        node.op for part in (graph.node, *(function.node_def for function in graph.library.function)) for node in part
    }
    for op in sorted(ops - _READS):
        definition = op_def_registry.get(op)
        if definition is None or definition.is_stateful:
            raise ProgramRefused(f"its graph keeps or changes state ({op})")
        if op.startswith(("PyFunc", "EagerPyFunc")):
            raise ProgramRefused(f"its graph calls back into Python ({op})")


class _Hashed:
    """The names of a graph's nodes by what they compute; each function of its library is hashed once."""

    def __init__(self, graph: Any) -> None:
        self.nodes = {node.name: node for node in graph.node}
        self._library = {function.signature.name: function for function in graph.library.function}
        self._known: dict[tuple[int, str], str] = {}
        self._functions: dict[str, str] = {}

    def tensor(self, nodes: Mapping[str, Any], name: str, tokens: Mapping[str, str]) -> str:
        """The name of one output of a node; "node:2" in a graph, "node:output:2" in a function."""
        node, _, output = name.partition(":")
        if node in tokens:
            return tokens[node]
        return f"{self._node(nodes, nodes[node], tokens)}:{output or '0'}"

    def _node(self, nodes: Mapping[str, Any], node: Any, tokens: Mapping[str, str]) -> str:
        key = (id(nodes), node.name)
        if key not in self._known:
            inputs = [self.tensor(nodes, name, tokens) for name in node.input if not name.startswith("^")]
            attributes = [(name, self._attribute(node.attr[name])) for name in sorted(node.attr) if name not in _HINTS]
            self._known[key] = hashlib.sha256(repr((node.op, attributes, inputs)).encode()).hexdigest()
        return self._known[key]

    def _attribute(self, value: Any) -> bytes:
        functions = [value.func] if value.HasField("func") else list(value.list.func)
        if not functions:
            return bytes(value.SerializeToString(deterministic=True))
        return repr([self._function(function.name) for function in functions]).encode()

    def _function(self, name: str) -> str:
        if name not in self._functions:
            function = self._library[name]
            nodes = {node.name: node for node in function.node_def}
            tokens = {argument.name: f"argument {k}" for k, argument in enumerate(function.signature.input_arg)}
            results = [
                self.tensor(nodes, function.ret[argument.name], tokens) for argument in function.signature.output_arg
            ]
            self._functions[name] = hashlib.sha256(repr(results).encode()).hexdigest()
        return self._functions[name]
