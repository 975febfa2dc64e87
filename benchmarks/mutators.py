"""Ways to change one instruction of an HLO module so that it still has the same types.  `rng` picks which."""

import copy
import random
from collections.abc import Callable, Mapping
from typing import Any

_BINARY = ("add", "subtract", "multiply", "divide", "maximum", "minimum")
_UNARY = ("negate", "exponential", "tanh", "sine", "cosine", "sqrt", "rsqrt", "logistic", "abs")
_DIRECTIONS = ("GT", "GE", "LT", "LE", "EQ", "NE")
_TRIES = 10_000

# Changes `item` in place and returns True, or finds nothing to change.
Mutator = Callable[[Any, Any, random.Random], bool]


def mutate(module: Any, rng: random.Random) -> tuple[Any, str]:
    """A changed copy of the module, and what was done to it."""
    changed = copy.deepcopy(module)
    places = [(computation, item) for computation in changed.computations for item in _live(computation)]
    for _ in range(_TRIES):
        (computation, item), kind = rng.choice(places), rng.choice(tuple(_MUTATORS))
        if _MUTATORS[kind](computation, item, rng):
            return changed, f"{kind} of {item.opcode}"
    raise ValueError("a program in which nothing can be changed")


def _live(computation: Any) -> list[Any]:
    """The instructions that the computation's result rests on."""
    by_number = {item.id: item for item in computation.instructions}
    wanted, live = [computation.root_id], {}
    while wanted:
        number = wanted.pop()
        if number not in live:
            live[number] = by_number[number]
            wanted += by_number[number].operand_ids
    return list(live.values())


def _opcode(_computation: Any, item: Any, rng: random.Random) -> bool:
    for family in (_BINARY, _UNARY):
        if item.opcode in family and item.shape.element_type != 1:
            item.opcode = rng.choice([name for name in family if name != item.opcode])
            return True
    return False


def _swap(computation: Any, item: Any, rng: random.Random) -> bool:
    if len(item.operand_ids) < 2:
        return False
    one, other = rng.sample(range(len(item.operand_ids)), 2)
    numbers = item.operand_ids
    types = {found.id: found.shape.SerializeToString() for found in computation.instructions}
    if numbers[one] == numbers[other] or types[numbers[one]] != types[numbers[other]]:
        return False
    numbers[one], numbers[other] = numbers[other], numbers[one]
    return True


def _operand(computation: Any, item: Any, rng: random.Random) -> bool:
    """Another, earlier value of the same type."""
    if not item.operand_ids:
        return False
    place = rng.randrange(len(item.operand_ids))
    earlier: dict[int, Any] = {}
    for found in computation.instructions:
        if found.id == item.id:
            break
        earlier[found.id] = _type(found.shape)
    present = item.operand_ids[place]
    others = [number for number, kind in earlier.items() if kind == earlier[present] and number != present]
    if not others:
        return False
    item.operand_ids[place] = rng.choice(others)
    return True


def _type(shape: Any) -> tuple[Any, ...]:
    return shape.element_type, tuple(shape.dimensions), len(shape.tuple_shapes)


def _constant(_computation: Any, item: Any, rng: random.Random) -> bool:
    if item.opcode != "constant":
        return False
    for values in (item.literal.f32s, item.literal.s32s, item.literal.s64s):
        if len(values):
            place = rng.randrange(len(values))
            values[place] = values[place] * rng.choice((2, -1)) + rng.choice((0, 1))
            return True
    if len(item.literal.preds):
        item.literal.preds[0] = not item.literal.preds[0]
        return True
    return False


def _dimensions(computation: Any, item: Any, rng: random.Random) -> bool:
    """Another axis of the same size for a broadcast, reduction, transpose or iota."""
    if item.opcode not in ("broadcast", "reduce", "transpose", "iota") or not item.dimensions:
        return False
    source = item.shape if item.opcode in ("broadcast", "iota") else _shape(computation, item.operand_ids[0])
    place = rng.randrange(len(item.dimensions))
    sizes, axis = tuple(source.dimensions), item.dimensions[place]
    others = [k for k, size in enumerate(sizes) if k != axis and size == sizes[axis]]
    if not others:
        return False
    exchange = {axis: (chosen := rng.choice(others)), chosen: axis}
    changed = [exchange.get(k, k) for k in item.dimensions]
    if item.opcode == "reduce" and changed != sorted(changed):
        return False
    del item.dimensions[:]
    item.dimensions.extend(changed)
    return True


def _shape(computation: Any, number: int) -> Any:
    return next(found.shape for found in computation.instructions if found.id == number)


def _slice(computation: Any, item: Any, rng: random.Random) -> bool:
    """The window one further or one nearer."""
    if item.opcode != "slice":
        return False
    axis = rng.randrange(len(item.slice_dimensions))
    window, size = item.slice_dimensions[axis], _shape(computation, item.operand_ids[0]).dimensions[axis]
    step = 1 if window.limit < size else -1 if window.start else 0
    window.start, window.limit = window.start + step, window.limit + step
    return bool(step)


def _padding(_computation: Any, item: Any, rng: random.Random) -> bool:
    if item.opcode != "pad":
        return False
    edge = rng.choice(item.padding_config.dimensions)
    low, high = edge.edge_padding_low, edge.edge_padding_high
    edge.edge_padding_low, edge.edge_padding_high = high, low
    return bool(low != high)


def _direction(_computation: Any, item: Any, rng: random.Random) -> bool:
    if item.opcode != "compare":
        return False
    item.comparison_direction = rng.choice([name for name in _DIRECTIONS if name != item.comparison_direction])
    return True


def _contraction(computation: Any, item: Any, rng: random.Random) -> bool:
    """Another axis of the same size on the left of a dot product."""
    numbers = item.dot_dimension_numbers
    if item.opcode != "dot" or not numbers.lhs_contracting_dimensions:
        return False
    sizes = tuple(_shape(computation, item.operand_ids[0]).dimensions)
    taken = {*numbers.lhs_contracting_dimensions, *numbers.lhs_batch_dimensions}
    present = numbers.lhs_contracting_dimensions[0]
    others = [axis for axis, size in enumerate(sizes) if axis not in taken and size == sizes[present]]
    if not others:
        return False
    numbers.lhs_contracting_dimensions[0] = rng.choice(others)
    return True


def _parameter(computation: Any, item: Any, rng: random.Random) -> bool:
    """Two parameters of one type change places."""
    if item.opcode != "parameter":
        return False
    others = [
        found
        for found in computation.instructions
        if found.opcode == "parameter" and found.id != item.id and _type(found.shape) == _type(item.shape)
    ]
    if not others:
        return False
    other = rng.choice(others)
    item.parameter_number, other.parameter_number = other.parameter_number, item.parameter_number
    return True


def _results(_computation: Any, item: Any, rng: random.Random) -> bool:
    """An earlier element of a tuple returned in place of a later one."""
    if item.opcode != "tuple" or len(item.operand_ids) < 2:
        return False
    one, other = rng.sample(range(len(item.operand_ids)), 2)
    if _type(item.shape.tuple_shapes[one]) != _type(item.shape.tuple_shapes[other]):
        return False
    item.operand_ids[one] = item.operand_ids[other]
    return True


_MUTATORS: Mapping[str, Mutator] = {
    "opcode": _opcode,
    "swap": _swap,
    "operand": _operand,
    "constant": _constant,
    "dimensions": _dimensions,
    "slice": _slice,
    "padding": _padding,
    "direction": _direction,
    "contraction": _contraction,
    "parameter": _parameter,
    "results": _results,
}
