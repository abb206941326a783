"""Images as they are found, with their labels; how they are split, cut and resized."""

import hashlib
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np

from ..support.errors import FileError
from .splits import Split, part

# Pictures are cut into squares of this many pixels each way, a multiple of 2, 3, 4, 6
# and 8, unless another size is asked for.
PATCH = 48
WHOLE = 128 * 128  # pictures of one size are taken whole if they have no more pixels
MOST = 10_000  # squares that are cut out of a split's pictures together
NAMED = 3  # how many files a note names

Size = tuple[int, int]  # (height, width)


class Examples(NamedTuple):
    """Images, each float32 (C, H, W) in [0, 1], and labels, int64 (N,) or None.

    The images may be of different sizes, or still in their files; `names` then tells
    the file of each.
    """

    images: Any  # an array, or a sequence that reads an image when it is asked for
    labels: np.ndarray | None
    names: Sequence[Any] | None = None

    def take(self, index: np.ndarray) -> "Examples":
        """Some of the examples, in this order."""
        labels = None if self.labels is None else self.labels[index]
        names = None if self.names is None else [self.names[i] for i in index]
        return Examples(self.images[index], labels, names)


def digest(image: np.ndarray) -> bytes:
    """A number that depends on an image's pixels alone."""
    return hashlib.sha256(np.ascontiguousarray(image, np.float32).tobytes()).digest()


def in_two(
    examples: Examples, digests: Sequence[bytes], source: Any
) -> dict[str, Examples]:
    """The examples in splits: the last tenth, at least one, is the test split.

    They are put in the order of their SHA-256 first. That order is as good as drawn by
    lot, but is the same for the same images, whatever their files are called, in
    whatever format and order they come, and on every machine.
    Raises FileError if there are fewer than two.
    """
    labels = [0] * len(digests) if examples.labels is None else examples.labels
    order = sorted(range(len(digests)), key=lambda i: (digests[i], labels[i]))
    index = np.array(order, np.int64)
    return {
        split: examples.take(part(index, split, source)) for split in ("train", "test")
    }


def how_to_fit(
    sizes: Iterable[Size], patch: int | None, resize: Size | None, source: Any
) -> tuple[int | None, list[str]]:
    """The side of the squares to cut images into, or None to take them whole; notes.

    Raises FileError where nothing was asked for, and neither will do.
    """
    if patch is not None or resize is not None:
        return patch, []
    found = sorted(set(sizes))
    if len(found) == 1 and found[0][0] * found[0][1] <= WHOLE:
        return None, []
    least = min(min(size) for size in found)
    among = " to ".join(f"{h}x{w}" for h, w in dict.fromkeys((found[0], found[-1])))
    if least < PATCH:
        raise FileError(
            f"{source}: expected images of one size, found {among}; --resize 28 makes "
            f"them all 28x28, --patch {least} cuts squares of {least}x{least} from them"
        )
    return PATCH, [
        f"images of {among} are cut into squares of {PATCH}x{PATCH}, as with "
        f"--patch {PATCH}; --resize 28 would take each whole, as 28x28"
    ]


def as_split(
    examples: Examples, patch: int | None, resize: Size | None, overlap: bool
) -> Split:
    """The examples as arrays: cut into squares, or resized, or as they are.

    If there is to be an `overlap`, it is half a square. Raises FileError for images
    smaller than a square.
    """
    if patch is not None:
        return _cut(examples, patch, overlap)
    if resize is None and isinstance(examples.images, np.ndarray):
        return Split(examples.images, examples.labels)
    from .tiles import resize_to_fill

    images: Any = None
    for place, image in enumerate(examples.images):
        image = image if resize is None else resize_to_fill(image, *resize)
        if images is None:
            images = np.empty((len(examples.images), *image.shape), np.float32)
        images[place] = image
    return Split(images, examples.labels)


def _cut(examples: Examples, side: int, overlap: bool) -> Split:
    from .tiles import cut

    step = max(1, side // 2) if overlap else side
    share = max(1, MOST // len(examples.images))
    squares = []
    for place, image in enumerate(examples.images):
        if min(image.shape[1:]) < side:
            name = f"image {place}" if examples.names is None else examples.names[place]
            found = f"{image.shape[1]}x{image.shape[2]}"
            raise FileError(
                f"{name}: expected a picture of at least {side}x{side} pixels, "
                f"found {found}"
            )
        squares.append(cut(image, side, step, share))
    labels = examples.labels
    if labels is not None:
        labels = labels.repeat([len(some) for some in squares])
    return Split(np.concatenate(squares), labels)


def numbered(labels: np.ndarray) -> tuple[np.ndarray, tuple[str, ...]]:
    """Labels as numbers from 0 on, int64 (N,), and the names of the classes.

    Names that are all whole numbers are ordered as such.
    """
    if labels.dtype.kind == "U" and all(
        len(name) < 18 and name.isdecimal() and str(int(name)) == name
        for name in set(labels.tolist())
    ):
        labels = labels.astype(np.int64)
    values, numbers = np.unique(labels, return_inverse=True)
    return numbers.reshape(-1).astype(np.int64), tuple(str(value) for value in values)


def listed(names: Sequence[Any]) -> str:
    """A few names, and how many more there are."""
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return ", ".join(str(name) for name in names[:NAMED]) + more
