"""What goes between the command and the process of a page: JSON and plain arrays, nothing else.

A message is its length, a header in JSON that lists the arrays with their types and shapes, and
their bytes.  Nothing of it is ever code.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Callable, Sequence
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

Arrays = list[NDArray[Any]]

_KINDS = ("float64", "int64", "bool")
_LONGEST_HEADER = 1 << 27


def packed(message: Any, arrays: Sequence[NDArray[Any]] = ()) -> list[bytes]:
    """The parts of a message; the arrays are of float64, int64 or bool.

    >>> parts = packed({"a": 1}, [np.zeros(2)])
    >>> len(parts), len(parts[-1])
    (3, 16)
    """
    listed = [[array.dtype.name, list(array.shape)] for array in arrays]
    header = json.dumps([message, listed]).encode()
    parts = [np.ascontiguousarray(array).tobytes() for array in arrays]
    return [struct.pack("<QQ", len(header), sum(map(len, parts))), header, *parts]


def unpacked(
    read: Callable[[int], bytes], agree: Callable[[int], None] = lambda size: None
) -> tuple[Any, Arrays]:
    """A message from what gives its bytes; `agree` refuses a size before it is read.

    Raises:
        ValueError: it is no message.
    """
    length, size = struct.unpack("<QQ", read(16))
    if length > _LONGEST_HEADER:
        raise ValueError("a header beyond all bounds")
    agree(2 * (length + size))
    message, listed = json.loads(read(length))
    arrays: Arrays = []
    for kind, shape in listed:
        if kind not in _KINDS or not all(type(n) is int and n >= 0 for n in shape):
            raise ValueError("an array of no such type or shape")
        wanted = np.dtype(kind).itemsize * prod(shape)
        if wanted > size:
            raise ValueError("more arrays than bytes")
        size -= wanted
        arrays.append(np.frombuffer(read(wanted), dtype=kind).reshape(shape))
    if size:
        raise ValueError("more bytes than arrays")
    return message, arrays
