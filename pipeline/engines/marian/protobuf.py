"""Write an ONNX model as protobuf bytes: the few messages that graphs.py needs, without the `onnx` package.

Field numbers are those of onnx.proto (ONNX IR version 9), named in a comment beside each.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

IR_VERSION = 9
OPSET = 17  # LayerNormalization came with 17
CONTRIB = "com.microsoft"  # MatMulIntegerToFloat is ONNX Runtime's own

# TensorProto.DataType
FLOAT = 1
_TYPES = {"float32": FLOAT, "uint8": 2, "int8": 3, "int32": 6, "int64": 7}

Attribute = int | float | Sequence[int]
Dims = Sequence[int | str]


def _varint(value: int) -> bytes:
    value &= (1 << 64) - 1  # a negative int64 is written as its two's complement
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def _number(field: int, value: int) -> bytes:
    return _varint(field << 3) + _varint(value)


def _bytes(field: int, value: bytes | str) -> bytes:
    data = value.encode() if isinstance(value, str) else value
    return _varint(field << 3 | 2) + _varint(len(data)) + data


def tensor(name: str, array: NDArray[np.generic]) -> bytes:
    """Write a TensorProto. The array's type is one of float32, uint8, int8, int32, int64."""
    dims = b"".join(_number(1, size) for size in array.shape)
    kind = _number(2, _TYPES[array.dtype.name])
    return dims + kind + _bytes(8, name) + _bytes(9, np.ascontiguousarray(array).tobytes())


def value_info(name: str, dtype: str, dims: Dims) -> bytes:
    """Write a ValueInfoProto: an input or output with a size or a name for each dimension."""
    sizes = (_number(1, size) if isinstance(size, int) else _bytes(2, size) for size in dims)
    shape = b"".join(_bytes(1, size) for size in sizes)
    kind = _bytes(1, _number(1, _TYPES[dtype]) + _bytes(2, shape))
    return _bytes(1, name) + _bytes(2, kind)


def _attribute(name: str, value: Attribute) -> bytes:
    if isinstance(value, float):  # f=2, type FLOAT
        return _bytes(1, name) + _varint(2 << 3 | 5) + np.float32(value).tobytes() + _number(20, 1)
    if isinstance(value, int):  # i=3, type INT
        return _bytes(1, name) + _number(3, value) + _number(20, 2)
    return _bytes(1, name) + b"".join(_number(8, each) for each in value) + _number(20, 7)  # ints=8, type INTS


def node(
    kind: str, inputs: Sequence[str], outputs: Sequence[str], attributes: Mapping[str, Attribute], domain: str = ""
) -> bytes:
    """Write a NodeProto. An input "" is one left out."""
    names = b"".join(_bytes(1, name) for name in inputs) + b"".join(_bytes(2, name) for name in outputs)
    extra = b"".join(_bytes(5, _attribute(name, value)) for name, value in attributes.items())
    return names + _bytes(4, kind) + extra + _bytes(7, domain)


def model(nodes: Sequence[bytes], tensors: Sequence[bytes], inputs: Sequence[bytes], outputs: Sequence[bytes]) -> bytes:
    """Write a ModelProto of one graph."""
    graph = b"".join(_bytes(1, each) for each in nodes) + _bytes(2, "marian")
    graph += b"".join(_bytes(5, each) for each in tensors)
    graph += b"".join(_bytes(11, each) for each in inputs) + b"".join(_bytes(12, each) for each in outputs)
    opsets = _bytes(8, _bytes(1, "") + _number(2, OPSET)) + _bytes(8, _bytes(1, CONTRIB) + _number(2, 1))
    return _number(1, IR_VERSION) + _bytes(7, graph) + opsets
