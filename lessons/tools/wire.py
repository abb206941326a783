"""How values cross between the grader and the process of a submission: a JSON header, then the raw bytes of arrays.

Only plain values, arrays of numbers and Tensors are copied. Anything else stays where it is, and the other side gets a
number that stands for it. Nothing is ever unpickled, and sizes are checked before memory is taken for them, so the
worst that a message can do is to be refused.
"""

import json
import math
import socket
import struct
import sys
from collections.abc import Callable
from typing import Any, Protocol

import numpy as np

LARGEST = 64 << 20  # bytes of a message
DEEPEST = 50  # lists within lists
LONGEST = 1024  # bits of an int
SIZES = struct.Struct("!QQ")  # bytes of the header, bytes of the arrays
PAUSE = 0.1  # seconds between two looks at whether to wait on


class WireError(Exception):
    """What came is no message."""


class Waiting(Protocol):
    """Says how long to wait: `check` raises TimeoutError when it is long enough."""

    def check(self) -> None: ...


class Reference:
    """Stands for an object of the other side."""

    def __init__(self, number: int):
        self._number = number


def send(connection: socket.socket, message: Any, refer: Callable[[Any], dict], waiting: Waiting | None = None) -> None:
    """Send a message. `refer(object)` gives what stands for an object that cannot be copied."""
    arrays: list[np.ndarray] = []
    header = json.dumps(_encode(message, arrays, refer, DEEPEST)).encode()
    size = sum(array.nbytes for array in arrays)
    if len(header) + size > LARGEST:
        raise ValueError(f"values of {len(header) + size:,} bytes are too large to hand over; at most {LARGEST:,}")
    rest = memoryview(b"".join([SIZES.pack(len(header), size), header, *(array.tobytes() for array in arrays)]))
    while rest:
        rest = rest[_tried(connection, connection.send, rest, waiting) :]


def receive(connection: socket.socket, resolve: Callable[[dict], Any], waiting: Waiting | None = None) -> Any:
    """The next message. `resolve` turns what stands for an object back into it.

    Raises TimeoutError if `waiting` does, EOFError if the other side is gone, WireError if this is no message.
    """
    header_size, size = SIZES.unpack(_read(connection, SIZES.size, waiting))
    if header_size + size > LARGEST:
        raise WireError(f"a message of {header_size + size:,} bytes, at most {LARGEST:,} are read")
    header = _read(connection, header_size, waiting)
    body = memoryview(_read(connection, size, waiting))
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
    if isinstance(value, tensors()):
        return {"tensor": [encode(value.numpy()), value.requires_grad]}
    return refer(value)


def tensors() -> Any:
    """minae's Tensor, if anybody here has imported minae; a class without instances else."""
    return getattr(sys.modules.get("minae"), "Tensor", ())


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
            case "tensor":
                return self.tensor(*content)
            case "complex":
                return complex(*content)
            case "tuple":
                return tuple(map(self.decode, content))
            case "set":
                return set(map(self.decode, content))
            case "dict":
                return {self.decode(key): self.decode(member) for key, member in content}
        return self.resolve(tree)

    def tensor(self, data: Any, requires_grad: bool) -> Any:
        import minae  # not before it is needed: an exercise with NumPy alone has no minae

        return minae.Tensor(self.array(*data["array"]), requires_grad=requires_grad is True)

    def array(self, dtype: str, shape: list[int]) -> np.ndarray:
        found = np.dtype(dtype)
        size = math.prod(shape) * found.itemsize
        if found.kind not in "biufc" or min(shape, default=0) < 0 or size > len(self.body):
            raise ValueError(f"no array of dtype {dtype} and shape {shape}")
        taken, self.body = self.body[:size], self.body[size:]
        return np.ndarray(shape, found, taken).copy()


def _read(connection: socket.socket, size: int, waiting: Waiting | None) -> bytearray:
    data = bytearray(size)
    view = memoryview(data)
    while view:
        count = _tried(connection, connection.recv_into, view, waiting)
        if count == 0:
            raise EOFError
        view = view[count:]
    return data


def _tried(
    connection: socket.socket, operation: Callable[[Any], int], view: memoryview, waiting: Waiting | None
) -> int:
    """The operation's result, as soon as it has one."""
    connection.settimeout(PAUSE if waiting else None)
    while True:
        if waiting:
            waiting.check()
        try:
            return operation(view)
        except TimeoutError:
            continue
