"""How values cross between the grader and the process of a submission: a JSON header, then the raw bytes of arrays.

Only plain values and arrays of numbers are copied. Anything else stays where it is, and the other side gets a number
that stands for it. Nothing is ever unpickled, and sizes are checked before memory is taken for them, so the worst that
a message can do is to be refused.
"""

import json
import math
import socket
import struct
import time
from collections.abc import Callable
from typing import Any

import numpy as np

LARGEST = 64 << 20  # bytes of a message
DEEPEST = 50  # lists within lists
LONGEST = 1024  # bits of an int
SIZES = struct.Struct("!QQ")  # bytes of the header, bytes of the arrays


class WireError(Exception):
    """What came is no message."""


class Reference:
    """Stands for an object of the other side."""

    def __init__(self, number: int):
        self._number = number


def send(connection: socket.socket, message: Any, refer: Callable[[Any], dict], deadline: float | None) -> None:
    """Send a message. `refer(object)` gives what stands for an object that cannot be copied."""
    arrays: list[np.ndarray] = []
    header = json.dumps(_encode(message, arrays, refer, DEEPEST)).encode()
    size = sum(array.nbytes for array in arrays)
    if len(header) + size > LARGEST:
        raise ValueError(f"values of {len(header) + size:,} bytes are too large to hand over; at most {LARGEST:,}")
    connection.settimeout(_left(deadline))
    connection.sendall(b"".join([SIZES.pack(len(header), size), header, *(array.tobytes() for array in arrays)]))


def receive(connection: socket.socket, resolve: Callable[[dict], Any], deadline: float | None) -> Any:
    """The next message. `resolve` turns what stands for an object back into it.

    Raises TimeoutError at the deadline, EOFError if the other side is gone, WireError if this is no message.
    """
    header_size, size = SIZES.unpack(_read(connection, SIZES.size, deadline))
    if header_size + size > LARGEST:
        raise WireError(f"a message of {header_size + size:,} bytes, at most {LARGEST:,} are read")
    header = _read(connection, header_size, deadline)
    body = memoryview(_read(connection, size, deadline))
    try:
        return _Decoder(body, resolve).decode(json.loads(header))
    except (ValueError, TypeError, KeyError, IndexError, RecursionError, OverflowError) as error:
        raise WireError(f"{type(error).__name__}: {error}") from error


def _encode(value: Any, arrays: list[np.ndarray], refer: Callable[[Any], dict], depth: int) -> Any:
    """The value as JSON. A subclass of a plain type becomes that type, whatever its own methods say."""
    if depth == 0:
        raise ValueError(f"values nested more than {DEEPEST} deep cannot be handed over")

    def encode(member: Any) -> Any:
        return _encode(member, arrays, refer, depth - 1)

    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, (np.ndarray, np.generic)):
        return _encode_array(np.asarray(value), "array" if isinstance(value, np.ndarray) else "scalar", arrays)
    if isinstance(value, int) and int.bit_length(value) > LONGEST:
        raise ValueError(f"an int of more than {LONGEST} bits cannot be handed over")
    if isinstance(value, (int, float)):
        return value
    if isinstance(value, complex):
        return {"complex": [float(value.real), float(value.imag)]}
    if isinstance(value, list):
        return list(map(encode, list.__iter__(value)))
    if isinstance(value, tuple):
        return {"tuple": list(map(encode, tuple.__iter__(value)))}
    if isinstance(value, (set, frozenset)):
        return {"set": list(map(encode, list(value)))}
    if isinstance(value, dict):
        return {"dict": [[encode(key), encode(member)] for key, member in dict.items(value)]}
    return refer(value)


def _encode_array(array: np.ndarray, kind: str, arrays: list[np.ndarray]) -> dict:
    if array.dtype.kind not in "biufc":
        raise ValueError(f"an array of dtype {array.dtype} cannot be handed over; expected one of numbers")
    if array.nbytes > LARGEST:  # asked before it is copied: a broadcast view takes no memory yet
        raise ValueError(f"an array of {array.nbytes:,} bytes is too large to hand over; at most {LARGEST:,}")
    arrays.append(array.astype(array.dtype.newbyteorder("="), copy=False))
    return {kind: [arrays[-1].dtype.str, list(array.shape)]}


class _Decoder:
    """Turns a header back into values, taking the arrays from the body in order."""

    def __init__(self, body: memoryview, resolve: Callable[[dict], Any]):
        self.body = body
        self.resolve = resolve

    def decode(self, tree: Any) -> Any:
        if isinstance(tree, list):
            return list(map(self.decode, tree))
        if not isinstance(tree, dict):
            return tree
        (kind, content), *_ = tree.items()
        match kind:
            case "array":
                return self.array(*content)
            case "scalar":
                return self.array(*content)[()]
            case "complex":
                return complex(*content)
            case "tuple":
                return tuple(map(self.decode, content))
            case "set":
                return set(map(self.decode, content))
            case "dict":
                return {self.decode(key): self.decode(member) for key, member in content}
        return self.resolve(tree)

    def array(self, dtype: str, shape: list[int]) -> np.ndarray:
        found = np.dtype(dtype)
        size = math.prod(shape) * found.itemsize
        if found.kind not in "biufc" or min(shape, default=0) < 0 or size > len(self.body):
            raise ValueError(f"no array of dtype {dtype} and shape {shape}")
        taken, self.body = self.body[:size], self.body[size:]
        return np.ndarray(shape, found, taken).copy()


def _read(connection: socket.socket, size: int, deadline: float | None) -> bytearray:
    data = bytearray(size)
    view = memoryview(data)
    while len(view):
        connection.settimeout(_left(deadline))
        count = connection.recv_into(view)
        if count == 0:
            raise EOFError
        view = view[count:]
    return data


def _left(deadline: float | None) -> float | None:
    """Seconds until the deadline, as a socket's timeout."""
    if deadline is None:
        return None
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left
