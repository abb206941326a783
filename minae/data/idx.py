"""Reads IDX files, the format in which MNIST comes: a header and an array.

The header has two zero bytes, one byte for the dtype, one for the number of dimensions,
and four for the size of each dimension. The array's elements follow in C order. All
numbers are big-endian.
"""

import gzip
import hashlib
import math
import os
import struct
import zlib
from io import BufferedIOBase
from pathlib import Path

import numpy as np

from ..support.argument_checks import check_file
from ..support.errors import FileError

PathLike = str | os.PathLike

IDX_DTYPES = {
    0x08: "u1",
    0x09: "i1",
    0x0B: ">i2",
    0x0C: ">i4",
    0x0D: ">f4",
    0x0E: ">f8",
}


def load_images(path: PathLike) -> np.ndarray:
    """The images in an IDX file, as float32 (N, 1, H, W) in [0, 1].

    The file may be gzipped. It must hold uint8 (N, H, W), with at least one image.
    Raises FileError if it holds anything else, or if `read_idx` refuses it.
    """
    pixels = read_idx(path)
    if pixels.dtype != np.uint8 or pixels.ndim != 3 or pixels.size == 0:
        found = f"{pixels.dtype} {pixels.shape}"
        raise FileError(
            f"{path}: expected one or more images, uint8 (N, H, W), found {found}"
        )
    return to_images(pixels)


def labels_beside(path: PathLike) -> Path | None:
    """The IDX file of labels beside one of images, if there is one named as MNIST's.

    That is train-labels-idx1-ubyte for train-images-idx3-ubyte.
    """
    path = Path(path)
    if "images" not in path.name:
        return None
    name = path.name.replace("images", "labels")
    for other in (name, name.replace("idx3", "idx1").replace("idx4", "idx1")):
        if (path.parent / other).is_file():
            return path.parent / other
    return None


def read_idx(path: PathLike, sha256: str | None = None) -> np.ndarray:
    """The array in an IDX file, in native byte order.

    The file may be gzipped: its first two bytes tell, not its name. `sha256`, if given,
    is the hexadecimal SHA-256 that the decompressed file must have. The header is not
    trusted: memory grows with the bytes that are really there, up to the declared size.

    Raises:
        FileError: the file is missing, a pipe or a device, damaged, not IDX, shorter or
            longer than it declares, or has another SHA-256; or it declares more than
            32 MiB and more than 200 times its size on disk.
        TypeError: `path` is not a path.

    Source: the format is described at http://yann.lecun.com/exdb/mnist/
    """
    check_file(path, "an IDX file")
    try:
        with open(path, "rb") as file:
            is_gzip = file.peek().startswith(b"\x1f\x8b")
            stream = gzip.open(file) if is_gzip else file
            header, dtype, shape = _read_header(stream, path)
            content = _read_content(
                stream, path, dtype, shape, os.fstat(file.fileno()).st_size
            )
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise FileError(
            f"{path}: expected an intact gzip file, found a damaged one ({error})"
        ) from error
    except OSError as error:
        raise FileError(
            f"{path}: expected an IDX file, found none ({error.strerror})"
        ) from error
    if sha256 is not None:
        found = hashlib.sha256(header + content).hexdigest()
        if found != sha256:
            raise FileError(
                f"{path}: expected the original file, with SHA-256 {sha256}, "
                f"found {found}"
            )
    try:
        array = np.frombuffer(content, dtype).reshape(shape)
    except ValueError as error:
        # More dimensions than NumPy allows, or a size of 0 together with huge sizes.
        raise FileError(
            f"{path}: expected a shape that NumPy can hold, found {shape}"
        ) from error
    return np.asarray(array, dtype.newbyteorder("="))


def _read_header(
    stream: BufferedIOBase, path: PathLike
) -> tuple[bytes, np.dtype, tuple[int, ...]]:
    magic = stream.read(4)
    if len(magic) < 4 or magic[:2] != b"\0\0":
        found = magic.hex(" ") or "an empty file"
        raise FileError(
            f"{path}: expected IDX's first four bytes, 00 00 dtype ndim, found {found}"
        )
    code, ndim = magic[2:]
    if code not in IDX_DTYPES:
        known = ", ".join(f"0x{known:02x}" for known in IDX_DTYPES)
        raise FileError(
            f"{path}: expected an IDX dtype among {known}, found 0x{code:02x}"
        )
    if ndim == 0:
        raise FileError(f"{path}: expected one dimension or more, found 0")
    sizes = stream.read(4 * ndim)
    if len(sizes) < 4 * ndim:
        raise FileError(
            f"{path}: expected {4 * ndim} bytes, {ndim} dimension sizes, "
            f"found {len(sizes)}"
        )
    return magic + sizes, np.dtype(IDX_DTYPES[code]), struct.unpack(f">{ndim}I", sizes)


def _read_content(
    stream: BufferedIOBase,
    path: PathLike,
    dtype: np.dtype,
    shape: tuple[int, ...],
    size_on_disk: int,
) -> bytearray:
    size = dtype.itemsize * math.prod(shape)  # Python's integers do not overflow
    declared = f"{size} bytes for {dtype.name} {shape}"
    # Gzip shrinks images to a fifth and zeros to a thousandth of their size: a small
    # file that declares gigabytes is meant to fill the memory.
    limit = max(32 * 2**20, 200 * size_on_disk)
    if size > limit:
        expected = f"at most {limit} bytes in a file of {size_on_disk}"
        raise FileError(f"{path}: expected {expected}, found {declared}")
    content = bytearray()
    # Ask for one byte more than declared: it shows that a file is too long, and makes
    # gzip read on to the checksum at its end.
    while chunk := stream.read(min(2**20, size + 1 - len(content))):
        content += chunk
    if len(content) != size:
        found = "more" if len(content) > size else f"{len(content)} bytes"
        raise FileError(f"{path}: expected {declared}, found {found}")
    return content


def to_images(pixels: np.ndarray) -> np.ndarray:
    """Pixels, uint8 (N, H, W), as images, float32 (N, 1, H, W) in [0, 1].

    No third array is made in between.
    """
    return np.divide(pixels[:, None], 255, dtype=np.float32)
