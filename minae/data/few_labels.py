"""Images of which few labels are known: which these are, and how they are learned."""

import numpy as np

from ..backend import Array, xp_of
from ..support.argument_checks import check_whole
from .splits import Split

UNKNOWN = -1  # in place of a label that is not known
SHARE = 0.1  # about how much of what is learned from has labels, at least


def draw_labelled(labels: np.ndarray, count: int, seed: int) -> np.ndarray:
    """The numbers of `count` images whose labels are to be known, in order.

    They are drawn by lot, equally many of each class. Where `count` is not a multiple
    of the number of classes, the first ones have one more; where a class has fewer
    images than that, all of its labels are known, and fewer than `count` together.
    Raises ValueError for a count below 1 or above the number of images.
    """
    check_whole("draw_labelled: count", count, 1)
    if count > len(labels):
        told = f"{count} labels are more than there are images, {len(labels)}"
        raise ValueError(f"draw_labelled: {told}")
    rng, classes = np.random.default_rng(seed), np.unique(labels)
    drawn = []
    for place, label in enumerate(classes):
        wanted = count // len(classes) + (place < count % len(classes))
        drawn.append(rng.permutation(np.flatnonzero(labels == label))[:wanted])
    return np.sort(np.concatenate(drawn))


def with_few_labels(images: Array, labels: Array, labelled: Array) -> Split:
    """The images with the labels of those numbered in `labelled`; others are UNKNOWN.

    Other labels are never read. Of 60,000 images with 100 labels, a batch of 128 would
    have a label in one case of five. So the labelled images are repeated, at the end,
    until they are about SHARE as many as all.
    Raises ValueError for numbers of images that do not exist, and for none at all.
    """
    xp, count = xp_of(images), len(images)
    labelled = xp.asarray(labelled)
    whole = labelled.dtype.kind in "iu" and len(labelled)
    if not whole or not ((labelled >= 0) & (labelled < count)).all():
        wanted = f"numbers from 0 to {count - 1} of labelled images"
        raise ValueError(f"with_few_labels: expected {wanted}, found {labelled}")
    known = xp.full(count, UNKNOWN)
    known[labelled] = labels[labelled]
    copies = max(1, round(SHARE * count / len(labelled)))
    again = xp.tile(labelled, copies - 1)
    return Split(
        xp.concatenate([images, images[again]]), xp.concatenate([known, known[again]])
    )
