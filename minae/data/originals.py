"""MNIST and Fashion-MNIST, in the files of their authors."""

import os
from pathlib import Path

import numpy as np

from ..support.errors import FileError
from .idx import read_idx, to_images

SHIPPED = Path(__file__).parent / "files"
DEBIAN = Path("/usr/share/datasets/fashion-mnist")
FETCHED = Path(os.path.expanduser("~/.minae"))  # where `minae fetch` puts it

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
    "fashion_mnist": "`minae fetch fashion-mnist` downloads it on any system (from "
    "https://github.com/zalandoresearch/fashion-mnist); Debian and Ubuntu have the "
    "package dataset-fashion-mnist; or set MINAE_DATA to the folder that has it",
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
    Debian's package dataset-fashion-mnist puts it, then where `minae fetch
    fashion-mnist` does: .minae in the home folder, or the folder that the environment
    variable MINAE_DATA names.

    Returns images, float32 (N, 1, 28, 28) in [0, 1], and labels, int64 (N,), 0 to 9.
    Raises ValueError for another split; FileError for a file that is missing or not the
    original (by its SHA-256).
    Source: Xiao, Rasul and Vollgraf, arXiv:1708.07747, 2017.
    """
    folders = [SHIPPED / "fashion_mnist", DEBIAN, FETCHED]
    own = os.environ.get("MINAE_DATA")
    if own:
        folders.append(Path(own))
    return _load("fashion_mnist", split, folders)


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
