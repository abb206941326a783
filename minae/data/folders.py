"""Folders of pictures: which files are pictures, and what class each belongs to."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from ..support.errors import FileError
from .examples import Examples, digest, in_two, listed, numbered
from .picture_files import SUFFIXES, described, read_picture

TRAIN = ("train", "training")
TEST = ("test", "testing", "val", "valid", "validation")

Size = tuple[int, int]


class Found(NamedTuple):
    """A picture file that can be read: its class, size, colours, and changes to it."""

    path: Path
    label: str | None
    shape: tuple[int, int, int]
    digest: bytes
    changes: list[str]


class Pictures(Sequence):
    """Images in their files: each is read when it is asked for."""

    def __init__(self, paths: Sequence[Path], channels: int):
        self.paths = paths
        self.channels = channels

    def __len__(self) -> int:
        return len(self.paths)

    def __getitem__(self, index: Any) -> Any:
        """One image, by its number; or other Pictures, by an array of numbers."""
        if isinstance(index, np.ndarray):
            return Pictures([self.paths[i] for i in index], self.channels)
        return read_picture(self.paths[index], self.channels)[0]


class Folder(NamedTuple):
    """What a folder of pictures holds: its splits, its classes, and notes about it."""

    splits: dict[str, Examples]
    classes: tuple[str, ...] | None
    sizes: set[Size]
    notes: list[str]


def read_folder(folder: str | os.PathLike) -> Folder:
    """The pictures in a folder, or in a folder for each class, in two splits.

    If it has the folders `train` and `test`, these are the splits. Otherwise `in_two`
    makes them. Pictures are grey if all of them are, else in colour. Files that cannot
    be read are left out, and the notes say so.

    Raises FileError where there are fewer than two pictures, where it is not clear
    what the classes are, and where no picture can be read.
    """
    folder, notes = Path(folder), list[str]()
    parts = {
        split: _survey(part, notes) for split, part in _parts(folder, notes).items()
    }
    found = [one for part in parts.values() for one in part]
    channels = max(one.shape[0] for one in found)
    numbers, classes = None, None
    labels = [one.label for one in found if one.label is not None]
    if len(labels) == len(found):
        numbers, classes = numbered(np.array(labels))
    elif labels:
        notes.append("the classes are left out: one of the splits has none")
    paths = [one.path for one in found]
    examples = Examples(Pictures(paths, channels), numbers, paths)
    if "test" in parts:
        ends = np.split(np.arange(len(found)), [len(parts["train"])])
        splits = dict(zip(("train", "test"), map(examples.take, ends)))
    else:
        splits = in_two(examples, [one.digest for one in found], folder)
    sizes = {one.shape[1:] for one in found}
    return Folder(splits, classes, sizes, notes + _changes(found, channels))


def _parts(folder: Path, notes: list[str]) -> dict[str, Path]:
    """The folder itself; or its folders for training and for testing, if it has both.

    With the name "all", a folder is still to be split.
    """
    inner = {path.name.lower(): path for path in _inside(folder) if path.is_dir()}
    train = [inner[name] for name in TRAIN if name in inner]
    test = [inner[name] for name in TEST if name in inner]
    if not train or not test:
        return {"all": folder}
    if others := [path for path in inner.values() if path not in (train[0], test[0])]:
        notes.append(
            f"left out, besides {train[0].name} and {test[0].name}: "
            + listed([path.name for path in others])
        )
    return {"train": train[0], "test": test[0]}


def _survey(folder: Path, notes: list[str]) -> list[Found]:
    """All pictures of a folder that can be read. The others get a note."""
    found, damaged = list[Found](), list[FileError]()
    for path, label in _labelled(folder, notes):
        try:
            image, changes = read_picture(path)
        except FileError as error:
            damaged.append(error)
            continue
        found.append(Found(path, label, image.shape, digest(image), changes))
    if damaged and not found:
        raise damaged[0]
    if damaged:
        told = f"left out: {len(damaged)} that cannot be read"
        notes.append(f"{told} ({listed(damaged)})")
    return found


def _labelled(folder: Path, notes: list[str]) -> list[tuple[Path, str | None]]:
    """The pictures in a folder, without classes, or in a folder for each class."""
    here = _pictures(folder, notes)
    inner = [path for path in _inside(folder) if path.is_dir()]
    by_class = {path: _pictures(path, notes) for path in inner}
    if here and any(by_class.values()):
        beside = next(path for path, pictures in by_class.items() if pictures)
        raise FileError(
            f"{folder}: expected pictures, or a folder of pictures for each class, "
            f"found both: {here[0].name} beside {beside.name}"
        )
    if here:
        return [(path, None) for path in here]
    for path in inner:
        _check_not_deeper(path)
    if empty := [path.name for path, pictures in by_class.items() if not pictures]:
        notes.append(f"left out: {listed(empty)}, without a picture")
    labelled: list[tuple[Path, str | None]] = [
        (one, path.name) for path in inner for one in by_class[path]
    ]
    if not labelled:
        told = "expected two images or more, PNG or JPEG files, found 0"
        raise FileError(f"{folder}: {told}{_instead(folder)}")
    if len({label for _, label in labelled}) == 1:
        only = labelled[0][1]
        notes.append(f"all images are of one class, {only}: no other to tell it from")
    return labelled


def _check_not_deeper(folder: Path) -> None:
    """Pictures below the folder of a class belong to no class, or to another."""
    for path in _inside(folder):
        if path.is_dir() and any(map(_is_picture, _inside(path))):
            raise FileError(
                f"{path}: expected pictures in the folder of their class, found some "
                f"in a folder in it; is {folder} the folder of classes?"
            )


def _instead(folder: Path) -> str:
    """What files there are where no picture is."""
    files = [path.name for path in _inside(folder) if path.is_file()]
    return f" (but {listed(files)})" if files else ""


def _pictures(folder: Path, notes: list[str]) -> list[Path]:
    """The pictures that are directly in a folder; a note on files of other kinds."""
    inside = [path for path in _inside(folder) if not path.is_dir()]
    pictures = [path for path in inside if _is_picture(path)]
    others = [path.name for path in inside if not _is_picture(path)]
    if pictures and others:
        notes.append(f"left out: {listed(others)} in {folder.name}, not PNG or JPEG")
    if hidden := [x.name for x in _all(folder) if _is_hidden(x) and _is_picture(x)]:
        notes.append(f"left out: {listed(hidden)} in {folder.name}, hidden")
    return pictures


def _is_picture(path: Path) -> bool:
    return path.suffix.lower() in SUFFIXES


def _is_hidden(path: Path) -> bool:
    """Whether it is a hidden file, or what macOS adds to archives."""
    return path.name.startswith((".", "__MACOSX"))


def _inside(folder: Path) -> list[Path]:
    """What is in a folder, by name, and not hidden."""
    return [path for path in _all(folder) if not _is_hidden(path)]


def _all(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except (OSError, ValueError) as error:
        found = getattr(error, "strerror", None) or error
        raise FileError(
            f"{folder}: expected a folder of pictures, found none ({found})"
        ) from error


def _changes(found: list[Found], channels: int) -> list[str]:
    changes = [change for one in found for change in one.changes]
    grey = sum(one.shape[0] < channels for one in found)
    return described([*changes, *["converted from L to RGB"] * grey], len(found))
