"""Where images come from: names, folders, files and arrays."""

import os
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from ..support.errors import FileError
from .arrays import Pair, as_images, as_labels, read_arrays
from .examples import Examples, digest, in_two, numbered
from .idx import labels_beside, read_idx
from .originals import fashion_mnist, mnist

Source = Any  # a name, a path, an array of images, or a pair (images, labels)

CLOTHES = (
    *("T-shirt/top", "trouser", "pullover", "dress", "coat"),
    *("sandal", "shirt", "sneaker", "bag", "ankle boot"),
)
ORIGINALS: dict[str, tuple[Callable, tuple[str, ...]]] = {
    "mnist": (mnist, tuple("0123456789")),
    "fashion-mnist": (fashion_mnist, CLOTHES),
}
WRITTEN = {"mnist": "MNIST", "fashion-mnist": "Fashion-MNIST"}
NAMES = (*ORIGINALS, "photographs")
KNOWN = (
    f"{', '.join(NAMES)}, a folder of PNG and JPEG pictures "
    "(or with a folder for each class), or a .npz, .npy or IDX file of images"
)


def name_of(source: str | os.PathLike) -> str:
    """What a title calls a data set: "MNIST", or the last part of its path."""
    source = os.fspath(source)
    return WRITTEN.get(source) or os.path.basename(os.path.normpath(source)) or source


class Images(NamedTuple):
    """What a source holds."""

    name: str
    split: Callable[[str], Examples]  # "train" or "test"
    classes: tuple[str, ...] | None
    sizes: set[tuple[int, int]]
    notes: list[str]


def open_source(source: Source) -> Images:
    """The images of a source, in splits. Raises FileError for one that is not known."""
    if not isinstance(source, str | os.PathLike):
        return _from_arrays("the images", {"all": _as_pair_of_arrays(source)})
    name = os.fspath(source)
    if name in ORIGINALS:
        load, names = ORIGINALS[name]
        return Images(name, lambda split: Examples(*load(split)), names, {(28, 28)}, [])
    if name == "photographs":
        return _photographs()
    if os.path.isdir(source):
        from .folders import read_folder

        splits, classes, sizes, notes = read_folder(source)
        return Images(name, splits.__getitem__, classes, sizes, notes)
    if not os.path.exists(source):
        raise FileError(f"{name}: expected {KNOWN}, found no such file")
    if name.lower().endswith((".npy", ".npz")):
        return _from_arrays(name, read_arrays(source))
    labels = labels_beside(source)
    pair = read_idx(source), None if labels is None else read_idx(labels)
    return _from_arrays(name, {"all": pair})


def _as_pair_of_arrays(source: Any) -> Pair:
    images, labels = source if isinstance(source, tuple) else (source, None)
    if not isinstance(images, np.ndarray):
        raise TypeError(
            "Dataset: expected the name of a data set, a path, an array of images, "
            f"or a pair (images, labels), found {type(source).__name__}"
        )
    return images, None if labels is None else np.asarray(labels)


def _photographs() -> Images:
    """The cat, which comes last, is the test split; the others are varied to train."""
    from .picture_files import from_pixels, photographs
    from .tiles import variations

    *learned, cat = [from_pixels(pixels) for pixels in photographs()]
    varied = [variation for image in learned for variation in variations(image)]
    parts = {"train": Examples(varied, None), "test": Examples([cat], None)}
    sizes = {image.shape[1:] for image in (*varied, cat)}
    return Images("photographs", parts.__getitem__, None, sizes, [])


def _from_arrays(name: str, pairs: dict[str, Pair]) -> Images:
    """Checked arrays in splits; those under "all" are divided by the common rule."""
    parts, notes = dict[str, Examples](), list[str]()
    try:
        for split, (array, labels) in pairs.items():
            images, noted = as_images(array)
            notes += noted
            given = None if labels is None else as_labels(labels, len(images))
            parts[split] = Examples(images, given)
        parts, classes = _with_classes(parts, notes)
    except ValueError as error:
        raise FileError(f"{name}: {error}") from error
    if "all" in parts:
        everything = parts["all"]
        parts = in_two(everything, [digest(x) for x in everything.images], name)
    shapes = {part.images.shape[1:] for part in parts.values()}
    if len(shapes) > 1:
        found = " and ".join(map(str, sorted(shapes)))
        raise FileError(f"{name}: expected splits of one shape, found {found}")
    sizes = {shape[1:] for shape in shapes}
    return Images(name, parts.__getitem__, classes, sizes, notes)


def _with_classes(
    parts: dict[str, Examples], notes: list[str]
) -> tuple[dict[str, Examples], tuple[str, ...] | None]:
    """The labels as numbers from 0 on, the same in all splits, and their names."""
    given = [part.labels for part in parts.values()]
    labels = [some for some in given if some is not None]
    if len(labels) < len(given):
        if labels:
            notes.append("the labels are left out: one of the splits has none")
        return {split: Examples(x.images, None) for split, x in parts.items()}, None
    numbers, classes = numbered(np.concatenate(labels))
    if len(classes) == 1:
        notes.append(
            f"all images are of one class, {classes[0]}: no other to tell it from"
        )
    elif len(classes) == len(numbers):
        notes.append(f"each of the {len(classes)} images has a class of its own")
    ends = np.cumsum([len(some) for some in labels])[:-1]
    pieces = np.split(numbers, ends)
    return {
        split: Examples(part.images, piece)
        for (split, part), piece in zip(parts.items(), pieces)
    }, classes
