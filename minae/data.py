"""MNIST, Fashion-MNIST, a user's own IDX files and pictures, and the batches of one epoch: on the CPU, in NumPy.

An IDX file is a header and an array. The header: two zero bytes, one byte for the dtype, one for the number
of dimensions, four for the size of each. The array: its elements in C order. All of it is big-endian.
"""

import gzip
import hashlib
import math
import os
import struct
import zlib
from collections.abc import Iterator
from functools import cached_property
from io import BufferedIOBase
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from .checks import check_file, check_whole, is_whole
from .errors import FileError
from .pictures import from_pixels, patches, photographs, picture_files, read_pictures

PathLike = str | os.PathLike

IDX_DTYPES = {0x08: "u1", 0x09: "i1", 0x0B: ">i2", 0x0C: ">i4", 0x0D: ">f4", 0x0E: ">f8"}

PATCH = 48  # pixels each way of the squares that pictures are cut into: a multiple of 2, 3, 4, 6 and 8

SHIPPED = Path(__file__).parent / "datasets"
DEBIAN = Path("/usr/share/datasets/fashion-mnist")

SHA256 = {  # of the decompressed files
    "mnist": {
        "train-images-idx3-ubyte": "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
        "train-labels-idx1-ubyte": "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
        "t10k-images-idx3-ubyte": "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
        "t10k-labels-idx1-ubyte": "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
    },
    "fashion_mnist": {
        "train-images-idx3-ubyte": "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
        "train-labels-idx1-ubyte": "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
        "t10k-images-idx3-ubyte": "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
        "t10k-labels-idx1-ubyte": "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34",
    },
}
HOW_TO_GET = {
    "mnist": "install minae again, which contains it",
    "fashion_mnist": "install Debian's package dataset-fashion-mnist, or download the file from "
    "https://github.com/zalandoresearch/fashion-mnist and set MINAE_DATA to its folder",
}


def mnist(split: str) -> tuple[np.ndarray, np.ndarray]:
    """MNIST's handwritten digits: 60,000 for split "train", 10,000 for "test". The files ship with minae.

    Returns images, float32 (N, 1, 28, 28) in [0, 1], and labels, int64 (N,) from 0 to 9.
    Raises ValueError for another split, FileError for a file that is not the original (by its SHA-256).
    Source: LeCun, Cortes and Burges, The MNIST database of handwritten digits, 1998.
    """
    return _load("mnist", split, [SHIPPED / "mnist"])


def fashion_mnist(split: str) -> tuple[np.ndarray, np.ndarray]:
    """Fashion-MNIST's clothes, in MNIST's format: 60,000 for split "train", 10,000 for "test".

    Only the test split ships. The training split is looked for where Debian's package dataset-fashion-mnist
    puts it, then in the folder that the environment variable MINAE_DATA names.

    Returns images, float32 (N, 1, 28, 28) in [0, 1], and labels, int64 (N,) from 0 to 9.
    Raises ValueError for another split, FileError for a file that is missing or not the original (by its
    SHA-256).
    Source: Xiao, Rasul and Vollgraf, arXiv:1708.07747, 2017.
    """
    own = os.environ.get("MINAE_DATA")
    return _load("fashion_mnist", split, [SHIPPED / "fashion_mnist", DEBIAN, *([Path(own)] if own else [])])


def load_images(path: PathLike) -> np.ndarray:
    """The images in an IDX file of uint8 (N, H, W), gzipped or not, as float32 (N, 1, H, W) in [0, 1].

    Raises FileError for a file that `read_idx` refuses, or that holds anything else, or no image at all.
    """
    pixels = read_idx(path)
    if pixels.dtype != np.uint8 or pixels.ndim != 3 or pixels.size == 0:
        found = f"{pixels.dtype} {pixels.shape}"
        raise FileError(f"{path}: expected one or more images, uint8 (N, H, W), found {found}")
    return _to_images(pixels)


class Split(NamedTuple):
    """Images, float32 (N, C, H, W) in [0, 1], and labels, int64 (N,), or None where there are none."""

    images: np.ndarray
    labels: np.ndarray | None


class Dataset:
    """A training and a test split, each loaded when it is first asked for.

    Args:
        source: "mnist", "fashion-mnist", or the path of the user's own IDX file of images, whose last tenth is the test
            split and which has no labels; or "photographs" (see `pictures.photographs`), or the path of a folder of the
            user's own PNG and JPEG pictures, cut into patches of 48x48 pixels in colour. The last tenth of the pictures
            by name, at least one, is the test split; the patches for training overlap their neighbours by half.
        limit: keep only so many images of each split, the first ones.
        learned: the source that a model learned from, if the test split is to be another's: the training split is then
            that one's, so that baselines learn from the same images as the model.

    Attributes:
        notes: what was changed in pictures so that they could be used, once they have been read.

    Raises what `mnist`, `fashion_mnist`, `load_images`, `photographs` and `read_pictures` raise.
    """

    def __init__(self, source: PathLike, limit: int | None = None, learned: PathLike | None = None):
        if limit is not None:
            check_whole("Dataset: limit", limit, 1)
        self.source = source
        self.limit = limit
        self.learned = source if learned is None else learned
        self.notes: list[str] = []

    @cached_property
    def train(self) -> Split:
        return self._load(self.learned, "train")

    @cached_property
    def test(self) -> Split:
        return self._load(self.source, "test")

    def _load(self, source: PathLike, split: str) -> Split:
        if source == "mnist":
            images, labels = mnist(split)
        elif source == "fashion-mnist":
            images, labels = fashion_mnist(split)
        elif source == "photographs" or os.path.isdir(source):
            images, notes = _own_pictures(source, split)
            self.notes += notes
            return Split(images[: self.limit], None)
        else:
            return Split(_part(load_images(source), split, source)[: self.limit], None)
        return Split(images[: self.limit], labels[: self.limit])


def _own_pictures(source: PathLike, split: str) -> tuple[np.ndarray, list[str]]:
    """Patches, and what was changed in the pictures. No picture has patches in both splits."""
    step = PATCH // 2 if split == "train" else PATCH
    if source == "photographs":
        return patches([from_pixels(pixels) for pixels in _part(photographs(), split, source)], PATCH, step), []
    pictures, notes = read_pictures(_part(picture_files(source), split, source), PATCH)
    return patches(pictures, PATCH, step), notes


def _part(images: Any, split: str, source: PathLike) -> Any:
    """The last tenth of the images, and at least one, for split "test"; the others for "train"."""
    if len(images) < 2:
        found = len(images)
        raise FileError(f"{source}: expected two images or more, to train on one and test on another, found {found}")
    test = max(1, len(images) // 10)
    return images[:-test] if split == "train" else images[-test:]


def batches(count: int, batch_size: int, rng: np.random.Generator | None) -> Iterator[np.ndarray]:
    """One epoch over `count` examples: int64 index arrays that hold each of 0, ..., count - 1 exactly once.

    Their shape is (batch_size,); the last is shorter where batch_size does not divide count. `rng` shuffles
    them, once, when `batches` is called; with None they are in order.
    Raises ValueError unless both are whole numbers and 1 <= batch_size <= count, TypeError for another `rng`.
    """
    if not (is_whole(batch_size) and is_whole(count) and 1 <= batch_size <= count):
        found = f"batch_size {batch_size!r} and count {count!r}"
        raise ValueError(f"batches: expected 1 <= batch_size <= count, found {found}")
    if rng is not None and not hasattr(rng, "shuffle"):
        raise TypeError(f"batches: rng must be a NumPy generator or None, found {rng!r}")
    order = np.arange(count, dtype=np.int64)
    if rng is not None:
        rng.shuffle(order)
    return (order[start : start + batch_size] for start in range(0, count, batch_size))


def read_idx(path: PathLike, sha256: str | None = None) -> np.ndarray:
    """The array in an IDX file, in native byte order. Gzipped or not: the first two bytes tell, not the name.

    `sha256`, if given, is the hexadecimal SHA-256 that the decompressed file must have.
    The header is not trusted: memory grows with the bytes that are really there, up to the size declared.

    Raises FileError for a file that is missing, a pipe or a device, damaged, not IDX, shorter or longer than it
    declares, or of another SHA-256; and for one that declares more than 32 MiB and more than 200 times its size on
    disk. TypeError for what is no path.
    Source: the format is described at http://yann.lecun.com/exdb/mnist/
    """
    check_file(path, "an IDX file")
    try:
        with open(path, "rb") as file:
            is_gzip = file.peek(2)[:2] == b"\x1f\x8b"
            stream = gzip.open(file) if is_gzip else file
            header, dtype, shape = _read_header(stream, path)
            content = _read_content(stream, path, dtype, shape, os.fstat(file.fileno()).st_size)
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise FileError(f"{path}: expected an intact gzip file, found a damaged one ({error})") from error
    except OSError as error:
        raise FileError(f"{path}: expected an IDX file, found none ({error.strerror})") from error
    if sha256 is not None and (found := hashlib.sha256(header + content).hexdigest()) != sha256:
        raise FileError(f"{path}: expected the original file, of SHA-256 {sha256}, found {found}")
    try:
        array = np.frombuffer(content, dtype).reshape(shape)
    except ValueError as error:  # more dimensions than NumPy has, or a size of 0 beside enormous ones
        raise FileError(f"{path}: expected a shape that NumPy can hold, found {shape}") from error
    return array.astype(dtype.newbyteorder("="), copy=False)


def _read_header(stream: BufferedIOBase, path: PathLike) -> tuple[bytes, np.dtype, tuple[int, ...]]:
    magic = stream.read(4)
    if len(magic) < 4 or magic[:2] != b"\0\0":
        found = magic.hex(" ") or "an empty file"
        raise FileError(f"{path}: expected IDX's first four bytes, 00 00 dtype ndim, found {found}")
    code, ndim = magic[2:]
    if code not in IDX_DTYPES:
        known = ", ".join(f"0x{known:02x}" for known in IDX_DTYPES)
        raise FileError(f"{path}: expected an IDX dtype among {known}, found 0x{code:02x}")
    if ndim == 0:
        raise FileError(f"{path}: expected one dimension or more, found 0")
    sizes = stream.read(4 * ndim)
    if len(sizes) < 4 * ndim:
        raise FileError(f"{path}: expected {4 * ndim} bytes, {ndim} dimension sizes, found {len(sizes)}")
    return magic + sizes, np.dtype(IDX_DTYPES[code]), struct.unpack(f">{ndim}I", sizes)


def _read_content(
    stream: BufferedIOBase, path: PathLike, dtype: np.dtype, shape: tuple[int, ...], size_on_disk: int
) -> bytearray:
    size = dtype.itemsize * math.prod(shape)  # Python's integers do not overflow
    declared = f"{size} bytes for {dtype.name} {shape}"
    # Gzip packs images to a fifth, zeros to a thousandth: a small file that declares gigabytes is a bomb.
    limit = max(32 * 2**20, 200 * size_on_disk)
    if size > limit:
        expected = f"at most {limit} bytes in a file of {size_on_disk}"
        raise FileError(f"{path}: expected {expected}, found {declared}")
    content = bytearray()
    # One byte more than declared: it shows what is too long, and takes gzip to its own checksum at the end.
    while chunk := stream.read(min(2**20, size + 1 - len(content))):
        content += chunk
    if len(content) != size:
        found = "more" if len(content) > size else f"{len(content)} bytes"
        raise FileError(f"{path}: expected {declared}, found {found}")
    return content


def _load(dataset: str, split: str, folders: list[Path]) -> tuple[np.ndarray, np.ndarray]:
    if split not in ("train", "test"):
        raise ValueError(f'{dataset}: expected split "train" or "test", found {split!r}')
    prefix = "train" if split == "train" else "t10k"
    pixels = _read_original(dataset, f"{prefix}-images-idx3-ubyte", folders)
    labels = _read_original(dataset, f"{prefix}-labels-idx1-ubyte", folders)
    return _to_images(pixels), labels.astype(np.int64)


def _read_original(dataset: str, name: str, folders: list[Path]) -> np.ndarray:
    for folder in folders:
        for path in (folder / f"{name}.gz", folder / name):
            if path.exists():
                return read_idx(path, SHA256[dataset][name])
    where = " or ".join(map(str, folders))
    raise FileError(f"{dataset}: expected {name}.gz in {where}, found it nowhere; {HOW_TO_GET[dataset]}")


def _to_images(pixels: np.ndarray) -> np.ndarray:
    """uint8 (N, H, W) from 0 to 255 as float32 (N, 1, H, W) in [0, 1], with no third array in between."""
    return np.divide(pixels[:, None], 255, dtype=np.float32)
