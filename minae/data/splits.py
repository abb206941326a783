"""Training and test splits, and the batches of one epoch: on the CPU, in NumPy."""

import os
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from ..support.argument_checks import is_whole
from ..support.errors import FileError


class Split(NamedTuple):
    """Images, float32 (N, C, H, W) in [0, 1], and labels, int64 (N,) or None."""

    images: np.ndarray
    labels: np.ndarray | None


def part(images: Any, split: str, source: str | os.PathLike) -> Any:
    """The images of a split: the last tenth, at least one, for "test", else the others.

    Raises FileError if there are fewer than two images.
    """
    if len(images) < 2:
        raise FileError(
            f"{source}: expected two images or more, to train on one and test on "
            f"another, found {len(images)}"
        )
    test = max(1, len(images) // 10)
    return images[:-test] if split == "train" else images[-test:]


def batches(
    count: int, batch_size: int, rng: np.random.Generator | None
) -> Iterator[np.ndarray]:
    """The batches of one epoch over `count` examples, as int64 arrays of indices.

    Each of 0, ..., count - 1 occurs exactly once. The arrays have shape (batch_size,);
    the last is shorter if batch_size does not divide count. `rng` shuffles the indices
    once, when `batches` is called; with None they are in order.

    Raises ValueError unless both are whole numbers and 1 <= batch_size <= count;
    TypeError if `rng` is neither a generator nor None.
    """
    if not (is_whole(batch_size) and is_whole(count) and 1 <= batch_size <= count):
        found = f"batch_size {batch_size!r} and count {count!r}"
        raise ValueError(f"batches: expected 1 <= batch_size <= count, found {found}")
    if rng is not None and not hasattr(rng, "shuffle"):
        raise TypeError(
            f"batches: rng must be a NumPy generator or None, found {rng!r}"
        )
    order = np.arange(count, dtype=np.int64)
    if rng is not None:
        rng.shuffle(order)
    return (order[start : start + batch_size] for start in range(0, count, batch_size))
