"""HLO literals as NumPy arrays."""

from typing import Any

import ml_dtypes
import numpy as np
import numpy.typing as npt
from tensorflow.compiler.xla import xla_data_pb2

# Element types of HLO by number: (NumPy dtype, the field of a literal that holds the values).
_TYPES: dict[int, tuple[Any, str]] = {
    xla_data_pb2.PRED: (np.bool_, "preds"),
    xla_data_pb2.S8: (np.int8, "s8s"),
    xla_data_pb2.S16: (np.int16, "s16s"),
    xla_data_pb2.S32: (np.int32, "s32s"),
    xla_data_pb2.S64: (np.int64, "s64s"),
    xla_data_pb2.U8: (np.uint8, "u8s"),
    xla_data_pb2.U16: (np.uint16, "u16s"),
    xla_data_pb2.U32: (np.uint32, "u32s"),
    xla_data_pb2.U64: (np.uint64, "u64s"),
    xla_data_pb2.F16: (np.float16, "f16s"),
    xla_data_pb2.BF16: (ml_dtypes.bfloat16, "bf16s"),
    xla_data_pb2.F32: (np.float32, "f32s"),
    xla_data_pb2.F64: (np.float64, "f64s"),
}
FLOATS = frozenset({xla_data_pb2.F16, xla_data_pb2.BF16, xla_data_pb2.F32, xla_data_pb2.F64})
SIGNED = frozenset({xla_data_pb2.S8, xla_data_pb2.S16, xla_data_pb2.S32, xla_data_pb2.S64})
PREDICATE: int = xla_data_pb2.PRED
TUPLE: int = xla_data_pb2.TUPLE


def numpy_type(element_type: int) -> Any:
    """The NumPy dtype of an HLO element type; None where there is none (tokens, complex numbers, 4-bit types)."""
    known = _TYPES.get(element_type)
    return np.dtype(known[0]) if known else None


def literal_array(literal: Any) -> npt.NDArray[Any] | None:
    """A literal's values in its shape; None for types that are not read."""
    known = _TYPES.get(literal.shape.element_type)
    if known is None:
        return None
    dtype, field = known
    values = getattr(literal, field)
    array = np.frombuffer(values, dtype) if isinstance(values, bytes) else np.array(values, dtype)
    shape = tuple(literal.shape.dimensions)
    return array.reshape(shape) if array.size == int(np.prod(shape, dtype=np.int64)) else None


def uniform_bytes(array: npt.NDArray[Any]) -> bytes | None:
    """The bytes of the one value that fills the array bit for bit; None where it holds several or none."""
    if not array.size:
        return None
    rows = np.ascontiguousarray(array).reshape(-1, 1).view(np.uint8)
    return bytes(rows[0].tobytes()) if bool((rows == rows[0]).all()) else None
