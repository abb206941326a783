"""Images and labels in arrays: what fits is brought to (N, C, H, W), the rest refused.

Also reads NumPy's files, .npy and .npz, without trusting them.
"""

import math
import os
import struct
import tokenize
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from ..backend import Array, xp_of
from ..support.argument_checks import check_file
from ..support.errors import FileError

ORDERS = "(N, H, W), (N, H, W, C) or (N, C, H, W), where C is 1 or 3"
COLOURS = (1, 3)

# What the arrays of an .npz file are called: images, labels. With names from the second
# table, the file says itself which images are for testing.
TOGETHER = (("images", "labels"), ("x", "y"), ("X", "y"), ("data", "target"))
APART = (
    (("x_train", "y_train"), ("x_test", "y_test")),
    (("train_images", "train_labels"), ("test_images", "test_labels")),
)

Pair = tuple[np.ndarray, np.ndarray | None]

# What reading a damaged .npy or .npz file raises. NumPy reads headers as Python does.
DAMAGED = (
    *(OSError, ValueError, EOFError, KeyError, TypeError, SyntaxError, RecursionError),
    *(RuntimeError, MemoryError, OverflowError, struct.error, tokenize.TokenError),
    *(zipfile.BadZipFile, zlib.error),
)


def as_images(array: Array) -> tuple[Array, list[str]]:
    """Images as float32 (N, C, H, W) in [0, 1], and notes on how they were understood.

    uint8 is divided by 255. Where the axes could be read in two ways, the notes say
    which was chosen. Raises ValueError for another dtype or shape, for values outside
    [0, 1], and for NaN.
    """
    ordered, notes = _channels_first(array)
    return _in_unit_range(ordered), notes


def _channels_first(array: Array) -> tuple[Array, list[str]]:
    shape = array.shape
    found = f"expected images {ORDERS}, found shape {shape}"
    if 0 in shape:
        raise ValueError(f"{found}, which holds none")
    if array.ndim == 3:
        return array[:, None], _perhaps_last(shape)
    if array.ndim != 4:
        raise ValueError(found + _hint(shape))
    first, last = shape[1] in COLOURS, shape[3] in COLOURS
    if first and last:
        return array, [f"the axes of shape {shape} were read as (N, C, H, W)"]
    if first:
        return array, []
    if last:
        return array.transpose(0, 3, 1, 2), []
    raise ValueError(found + _hint(shape))


def _perhaps_last(shape: tuple[int, ...]) -> list[str]:
    """A note where the last axis of (N, H, W) looks as if it counted the images."""
    if shape[0] == shape[1] != shape[2]:
        n, h, w = shape
        return [
            f"shape {shape} was read as {n} images of {h}x{w}; "
            "if the last axis counts them, give array.transpose(2, 0, 1)"
        ]
    return []


def _hint(shape: tuple[int, ...]) -> str:
    """What an array of a wrong shape probably is, and how to mend it."""
    if len(shape) == 2:
        side = math.isqrt(shape[1])
        square = f", e.g. reshape(-1, {side}, {side})" if side**2 == shape[1] else ""
        return f": flat rows, which need their height and width{square}"
    if len(shape) == 4 and 4 in (shape[1], shape[3]):
        return ": the fourth channel is perhaps transparency; leave it out"
    if len(shape) == 4 and shape[2] in COLOURS:
        return ", where (H, W, C, N) needs transpose(3, 0, 1, 2)"
    if len(shape) == 4 and shape[0] in COLOURS:
        return ", where (C, N, H, W) needs transpose(1, 0, 2, 3)"
    return ""


def _in_unit_range(array: Array) -> Array:
    xp = xp_of(array)
    if array.dtype == np.uint8:
        return xp.ascontiguousarray(xp.divide(array, 255, dtype=np.float32))
    if array.dtype.kind not in "fb":
        raise ValueError(f"expected uint8 or floats in [0, 1], found {array.dtype}")
    if array.dtype.kind == "f":
        check_unit_range(array)
    return xp.ascontiguousarray(array, dtype=np.float32)


def check_unit_range(array: Array) -> None:
    """Raises ValueError for floats outside [0, 1]."""
    low, high = array.min().item(), array.max().item()
    if not (0 <= low and high <= 1):
        known = math.isfinite(low) and math.isfinite(high)
        found = f"{low:g} to {high:g}" if known else "NaN or infinity"
        raise ValueError(f"expected uint8 or floats in [0, 1], found {found}")


def as_labels(array: np.ndarray, count: int) -> np.ndarray:
    """One label for each of `count` images: whole numbers from 0 on, or names.

    Raises ValueError for anything else.
    """
    if array.shape == (count, 1):
        array = array[:, 0]
    if array.shape != (count,):
        one_hot = ": one-hot rows need argmax(axis=1)" if array.ndim == 2 else ""
        raise ValueError(
            f"expected a label for each of {count} images, "
            f"found shape {array.shape}{one_hot}"
        )
    if array.dtype.kind == "U":
        return array
    if array.dtype.kind == "S":
        return np.char.decode(array, "utf-8", "backslashreplace")
    found = array.dtype.name
    if array.dtype.kind in "iubf":
        low, high = array.min(), array.max()
        if 0 <= low and high < 2**62 and not (array % 1).any():
            return array.astype(np.int64)
        found = f"{found} from {low} to {high}"
    raise ValueError(
        f"expected labels that are whole numbers from 0 on, or names, found {found}"
    )


def read_arrays(path: str | os.PathLike) -> dict[str, Pair]:
    """The images and labels of a .npy or .npz file, as they are in it.

    They are under "train" and "test" if an .npz file names them so (see APART), else
    under "all". A .npy file has images alone.
    Raises FileError where there are none, or the file is damaged; memory grows with
    what the file really has, up to 200 times its size.
    """
    check_file(path, "a .npy or .npz file")
    with _intact(path):
        if Path(path).suffix.lower() == ".npy":
            with open(path, "rb") as file:
                return {"all": (_read_npy(file, os.path.getsize(path)), None)}
        with zipfile.ZipFile(path) as archive:
            return _pairs(_Members(archive, os.path.getsize(path)))


def read_named(path: str | os.PathLike, names: Sequence[str]) -> dict[str, np.ndarray]:
    """Those arrays of a .npz file that have one of these names, read with like care.

    Raises FileError where the file is missing or damaged.
    """
    check_file(path, "a .npz file")
    with _intact(path), zipfile.ZipFile(path) as archive:
        members = _Members(archive, os.path.getsize(path))
        return {name: members[name] for name in names if name in members}


@contextmanager
def _intact(path: str | os.PathLike) -> Iterator[None]:
    """Inside, what a damaged file makes NumPy and zipfile raise becomes a FileError."""
    try:
        yield
    except FileError:
        raise
    except DAMAGED as error:
        expected = f"expected an intact {Path(path).suffix} file of numbers"
        found = " ".join(str(error).split())
        raise FileError(f"{path}: {expected} ({found})") from error


class _Members(Mapping[str, np.ndarray]):
    """The arrays of an .npz file by name, each read when it is asked for."""

    def __init__(self, archive: zipfile.ZipFile, size_on_disk: int):
        self.archive = archive
        self.limit = max(32 * 2**20, 200 * size_on_disk)
        self.files = {name.removesuffix(".npy"): name for name in archive.namelist()}

    def __getitem__(self, name: str) -> np.ndarray:
        member = self.archive.getinfo(self.files[name])
        if member.file_size > self.limit:
            raise ValueError(f"{name} declares {member.file_size} bytes")
        with self.archive.open(member) as file:
            return _read_npy(file, member.file_size)

    def __iter__(self) -> Any:
        return iter(self.files)

    def __len__(self) -> int:
        return len(self.files)


def _read_npy(file: Any, size: int) -> np.ndarray:
    """The array of a .npy file of `size` bytes. Objects, which are code, are refused.

    Source: numpy.lib.format describes the format.
    """
    headers = {
        (1, 0): np.lib.format.read_array_header_1_0,
        (2, 0): np.lib.format.read_array_header_2_0,
    }
    version = np.lib.format.read_magic(file)
    if version not in headers:
        raise ValueError(f"version {version} of its format is not known")
    shape, by_columns, dtype = headers[version](file)
    if dtype.hasobject:
        raise ValueError("it holds Python objects, which are not read: save numbers")
    expected = dtype.itemsize * math.prod(shape)
    if expected > size:
        raise ValueError(f"it declares {expected} bytes and has {size}")
    content = _read(file, expected)
    array = np.frombuffer(content, dtype).reshape(
        shape, order="F" if by_columns else "C"
    )
    return array.astype(dtype.newbyteorder("="), copy=False)


def _read(file: BinaryIO, expected: int) -> bytes:
    """All that is left, which must be as much as expected; read to the checksum."""
    content = file.read(expected)
    if len(content) != expected or file.read(1):
        raise ValueError(f"expected {expected} bytes of numbers, found others")
    return content


def _pairs(members: Mapping[str, np.ndarray]) -> dict[str, Pair]:
    for (train, train_labels), (test, test_labels) in APART:
        if train in members and test in members:
            return {
                "train": _pair(members, train, train_labels),
                "test": _pair(members, test, test_labels),
            }
    for images, labels in TOGETHER:
        if images in members:
            return {"all": _pair(members, images, labels)}
    if len(members) == 1:
        return {"all": (next(iter(members.values())), None)}
    found = ", ".join(sorted(members)) or "none"
    raise ValueError(
        "expected arrays called images and labels, x and y, "
        f"or x_train, y_train, x_test and y_test; found {found}"
    )


def _pair(members: Mapping[str, np.ndarray], images: str, labels: str) -> Pair:
    return members[images], members[labels] if labels in members else None
