"""Lookup tables that a graph captures, by content: two that map the same keys to the same values are one."""

import hashlib
from typing import Any

import tensorflow as tf

_FIND = "LookupTableFindV2"


def table_digests(function: Any) -> dict[int, tuple[str, str]]:
    """(hash of the sorted keys and values, type) of each captured table, by id of the handle.

    Found by the lookups in the graph itself, which also tell the types; a table that only a called function looks into
    is not found.
    """
    finds = {node.inputs[0].name: node for node in function.graph.get_operations() if node.type == _FIND}
    found: dict[int, tuple[str, str]] = {}
    for handle, placeholder in function.graph.captures:
        node = finds.get(placeholder.name)
        if node is not None:
            found[id(handle)] = _digest(handle, node.get_attr("Tin"), node.get_attr("Tout"))
    return found


def _digest(handle: Any, keys: tf.DType, values: tf.DType) -> tuple[str, str]:
    exported = tf.raw_ops.LookupTableExportV2(table_handle=handle, Tkeys=keys, Tvalues=values)
    pairs = sorted(zip(exported[0].numpy().tolist(), exported[1].numpy().tolist(), strict=True))
    return hashlib.sha256(repr(pairs).encode()).hexdigest(), f"{keys.name} to {values.name}"
