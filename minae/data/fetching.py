"""Downloads the one data set that minae knows and does not contain whole."""

import os
from pathlib import Path
from urllib.request import urlopen

from ..support.errors import FileError
from ..support.files import write_whole
from .idx import read_idx
from .originals import FETCHED, SHA256

URL = (
    "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/"
    "master/data/fashion"
)
FILES = ("train-images-idx3-ubyte", "train-labels-idx1-ubyte")
MOST = 64 * 2**20  # bytes; the images have 26 million
PATIENCE = 60  # seconds without an answer


def fetch_fashion_mnist() -> list[Path]:
    """Fashion-MNIST's training split, put where `fashion_mnist` finds it.

    That is the folder that MINAE_DATA names, or else .minae in the home folder.
    Returns its files. Raises FileError where one cannot be had, cannot be written, or
    is not the original by its SHA-256.
    """
    folder = Path(os.environ.get("MINAE_DATA") or FETCHED)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FileError(f"{folder}: cannot be made ({error.strerror})") from error
    return [_fetch(name, folder / f"{name}.gz") for name in FILES]


def _fetch(name: str, path: Path) -> Path:
    url = f"{URL}/{name}.gz"
    try:
        with urlopen(url, timeout=PATIENCE) as answer:
            content = answer.read(MOST)
    except (OSError, ValueError) as error:
        raise FileError(f"{url}: cannot be fetched ({error})") from error
    write_whole(path, content)
    try:
        read_idx(path, SHA256["fashion_mnist"][name])
    except FileError:
        path.unlink()
        raise
    return path
