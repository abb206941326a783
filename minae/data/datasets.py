"""MNIST, Fashion-MNIST, and your own images, from an IDX file or from pictures."""

import os
from functools import cached_property
from pathlib import Path

import numpy as np

from ..support.argument_checks import check_whole
from ..support.errors import FileError
from .idx import PathLike, load_images, read_idx, to_images
from .splits import Split, part

# Pictures are cut into squares of this many pixels each way, a multiple of 2, 3, 4, 6
# and 8.
PATCH = 48

NAMES = ("mnist", "fashion-mnist", "photographs")
WRITTEN = {"mnist": "MNIST", "fashion-mnist": "Fashion-MNIST"}
KNOWN = (
    f"{', '.join(NAMES)}, the path of an IDX file of images, "
    "or of a folder of PNG and JPEG pictures"
)

SHIPPED = Path(__file__).parent / "files"
DEBIAN = Path("/usr/share/datasets/fashion-mnist")

SHA256 = {  # of the decompressed files
    "mnist": {
        "train-images-idx3-ubyte": (
            "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db"
        ),
        "train-labels-idx1-ubyte": (
            "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5"
        ),
        "t10k-images-idx3-ubyte": (
            "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7"
        ),
        "t10k-labels-idx1-ubyte": (
            "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2"
        ),
    },
    "fashion_mnist": {
        "train-images-idx3-ubyte": (
            "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888"
        ),
        "train-labels-idx1-ubyte": (
            "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9"
        ),
        "t10k-images-idx3-ubyte": (
            "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b"
        ),
        "t10k-labels-idx1-ubyte": (
            "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34"
        ),
    },
}
HOW_TO_GET = {
    "mnist": "install minae again, which contains it",
    "fashion_mnist": "install Debian's package dataset-fashion-mnist, or download the "
    "file from https://github.com/zalandoresearch/fashion-mnist and set MINAE_DATA to "
    "its folder",
}


def mnist(split: str) -> tuple[np.ndarray, np.ndarray]:
    """MNIST's handwritten digits: 60,000 for split "train", 10,000 for "test".

    The files ship with minae.

    Returns images, float32 (N, 1, 28, 28) in [0, 1], and labels, int64 (N,), 0 to 9.
    Raises ValueError for another split; FileError for a file that is not the original
    (by its SHA-256).
    Source: LeCun, Cortes and Burges, The MNIST database of handwritten digits, 1998.
    """
    return _load("mnist", split, [SHIPPED / "mnist"])


def fashion_mnist(split: str) -> tuple[np.ndarray, np.ndarray]:
    """Fashion-MNIST's clothes: 60,000 for split "train", 10,000 for "test".

    Only the test split ships with minae. The training split is looked for where
    Debian's package dataset-fashion-mnist puts it, then in the folder that the
    environment variable MINAE_DATA names.

    Returns images, float32 (N, 1, 28, 28) in [0, 1], and labels, int64 (N,), 0 to 9.
    Raises ValueError for another split; FileError for a file that is missing or not the
    original (by its SHA-256).
    Source: Xiao, Rasul and Vollgraf, arXiv:1708.07747, 2017.
    """
    folders = [SHIPPED / "fashion_mnist", DEBIAN]
    own = os.environ.get("MINAE_DATA")
    if own:
        folders.append(Path(own))
    return _load("fashion_mnist", split, folders)


def name_of(source: PathLike) -> str:
    """What a title calls a data set: "MNIST", or the last part of its path."""
    source = str(source)
    return WRITTEN.get(source) or Path(source).name or source


class Dataset:
    """A training split and a test split, each loaded when it is first used.

    Args:
        source: one of
            - "mnist" or "fashion-mnist";
            - the path of your own IDX file of images, without labels. The last tenth of
              the images is the test split;
            - "photographs" (see `picture_files.photographs`), or the path of a folder
              of your own PNG and JPEG pictures. They are cut into patches of 48x48
              pixels in colour. The last tenth of the pictures by name, at least one, is
              the test split. Training patches overlap their neighbours by half.
        limit: keep only the first `limit` images of each split.
        learned: the source that a model learned from, if that is not `source`. The
            training split is then taken from it, so that baselines learn from the same
            images as the model.

    Attributes:
        notes: the changes that had to be made to pictures, once they have been read.

    Raises what `mnist`, `fashion_mnist`, `load_images`, `photographs` and
    `read_pictures` raise.
    """

    def __init__(
        self,
        source: PathLike,
        limit: int | None = None,
        learned: PathLike | None = None,
    ):
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
        elif not os.path.exists(source):
            raise FileError(f"{source}: expected {KNOWN}, found no such file")
        else:
            images = part(load_images(source), split, source)
            return Split(images[: self.limit], None)
        return Split(images[: self.limit], labels[: self.limit])


def _own_pictures(source: PathLike, split: str) -> tuple[np.ndarray, list[str]]:
    """Patches cut from pictures, and the changes that had to be made to the pictures.

    No picture has patches in both splits.
    """
    from .picture_files import from_pixels, photographs, picture_files, read_pictures
    from .tiles import patches

    step = PATCH // 2 if split == "train" else PATCH
    if source == "photographs":
        photos = part(photographs(), split, source)
        return patches([from_pixels(pixels) for pixels in photos], PATCH, step), []
    pictures, notes = read_pictures(part(picture_files(source), split, source), PATCH)
    return patches(pictures, PATCH, step), notes


def _load(
    dataset: str, split: str, folders: list[Path]
) -> tuple[np.ndarray, np.ndarray]:
    if split not in ("train", "test"):
        raise ValueError(
            f'{dataset}: expected split "train" or "test", found {split!r}'
        )
    prefix = "train" if split == "train" else "t10k"
    pixels = _read_original(dataset, f"{prefix}-images-idx3-ubyte", folders)
    labels = _read_original(dataset, f"{prefix}-labels-idx1-ubyte", folders)
    return to_images(pixels), labels.astype(np.int64)


def _read_original(dataset: str, name: str, folders: list[Path]) -> np.ndarray:
    for folder in folders:
        for path in (folder / f"{name}.gz", folder / name):
            if path.exists():
                return read_idx(path, SHA256[dataset][name])
    where = " or ".join(map(str, folders))
    raise FileError(
        f"{dataset}: expected {name}.gz in {where}, found no such file; "
        f"{HOW_TO_GET[dataset]}"
    )
