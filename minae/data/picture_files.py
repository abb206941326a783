"""Reads PNG and JPEG files as images (C, H, W), and writes images as such files.

If a picture's colours have to be changed on the way in, that is reported.
"""

import mmap
import os
import struct
import warnings
from collections import Counter
from collections.abc import Sequence
from io import BufferedReader
from typing import Any

import numpy as np
from PIL import ExifTags, Image, ImageOps, UnidentifiedImageError

from ..support.argument_checks import check_file, check_numbers
from ..support.errors import FileError
from .transparency import add_alpha, high_bytes, sample_format

FORMATS = ("PNG", "JPEG")
SUFFIXES = (".png", ".jpg", ".jpeg")
MODES = {1: "L", 3: "RGB"}  # Pillow's names, by number of channels
GREY = ("1", "L", "LA", "I", "I;16")

# What Pillow raises for a damaged file.
DAMAGED = (OSError, SyntaxError, ValueError, struct.error)

# A picture may have SMALL pixels, or PER_BYTE pixels for each byte of its file if that
# is more. Photographs have up to 20 pixels per byte; a file that declares a thousand is
# meant to fill the memory.
SMALL = 2**22
PER_BYTE = 200


def read_picture(
    path: str | os.PathLike, channels: int | None = None
) -> tuple[np.ndarray, list[str]]:
    """The picture in a PNG or JPEG file as an image, and the changes made to it.

    The image is float32 (C, H, W) in [0, 1]. Without `channels`, C is 1 for a picture
    without colours, else 3. The picture is changed where necessary:
    - Colours become grey by their luminance; grey becomes equal colours.
    - 16 bits become 8, and transparent parts are laid over black.
    - It is turned upright if its EXIF data say that the camera was not upright.

    Raises:
        FileError: the file is missing, damaged, or neither PNG nor JPEG; or it declares
            more pixels than a file of its size can hold, or more than Pillow considers
            safe, 89 million.
        ValueError: `channels` is given, and is neither 1 nor 3.
    """
    if channels not in (None, 1, 3):
        raise ValueError(
            f"read_picture: expected 1 channel (grey) or 3 (colour), found {channels!r}"
        )
    check_file(path, "a PNG or JPEG file")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about odd metadata
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture, changes = _open(path)
            picture, changes = _convert(picture, channels, changes)
    except UnidentifiedImageError as error:
        raise FileError(
            f"{path}: expected an intact PNG or JPEG file, found neither"
        ) from error
    except (
        *DAMAGED,
        Image.DecompressionBombWarning,
        Image.DecompressionBombError,
    ) as error:
        raise FileError(
            f"{path}: expected an intact PNG or JPEG file ({error})"
        ) from error
    return from_pixels(np.asarray(picture)), changes


def from_pixels(pixels: np.ndarray) -> np.ndarray:
    """uint8 (H, W) or (H, W, C) as an image, float32 (C, H, W) in [0, 1]."""
    check_numbers("from_pixels", pixels=pixels)
    if pixels.dtype != np.uint8 or pixels.ndim not in (2, 3):
        raise ValueError(
            "from_pixels: expected uint8 (H, W) or (H, W, C), "
            f"found {pixels.dtype} {pixels.shape}"
        )
    by_channel = pixels[None] if pixels.ndim == 2 else pixels.transpose(2, 0, 1)
    return np.divide(by_channel, 255, dtype=np.float32)


def save_picture(path: str | os.PathLike, image: np.ndarray) -> None:
    """Write an image (C, H, W) in [0, 1], where C is 1 or 3, to a file with 8 bits.

    Raises FileError if the file cannot be written, ValueError if the image has another
    shape or is not finite.
    """
    check_numbers("save_picture", image=image)
    if (
        image.ndim != 3
        or len(image) not in (1, 3)
        or image.size == 0
        or not np.isfinite(image).all()
    ):
        raise ValueError(
            "save_picture: expected a finite image (1 or 3, H, W), "
            f"found {_described(image)}"
        )
    pixels = (image.clip(0, 1) * 255).round().astype(np.uint8)
    if len(pixels) == 1:
        picture = Image.fromarray(pixels[0])
    else:
        picture = Image.fromarray(np.ascontiguousarray(pixels.transpose(1, 2, 0)))
    try:
        picture.save(path)
    except (OSError, ValueError) as error:
        raise FileError(f"{path}: the picture cannot be written ({error})") from error


def photographs() -> list[np.ndarray]:
    """Four colour photographs, uint8 (H, W, 3), from the package scikit-image.

    They are free for any use: the astronaut Eileen Collins (NASA, public domain), a cup
    of coffee (Rachel Michetti, CC0), a rocket (SpaceX, public domain), and Chelsea the
    cat (Stefan van der Walt, CC0). The cat comes last, and so is the test split.
    Raises ValueError if the package is missing.
    """
    try:
        from skimage import data
    except ImportError as error:
        raise ValueError(
            f"photographs: they come with scikit-image ({error}); "
            "pip install 'minae[images]', or name your own folder"
        ) from error
    return [data.astronaut(), data.coffee(), data.rocket(), data.chelsea()]


def _described(image: np.ndarray) -> str:
    return f"shape {image.shape}" + ("" if np.isfinite(image).all() else ", not finite")


def described(changes: Sequence[str], count: int) -> list[str]:
    """Each change, with the number of pictures it was made to."""
    return [
        f"{times} of {count} pictures {change}"
        for change, times in Counter(changes).items()
    ]


def _open(path: str | os.PathLike) -> tuple[Image.Image, list[str]]:
    """The picture with its transparency, and that it had 16 bits if it had."""
    with (
        open(path, "rb") as file,
        _mapped(file) as content,
        Image.open(content, formats=FORMATS) as picture,
    ):
        if picture.width * picture.height > max(SMALL, PER_BYTE * len(content)):
            raise ValueError(
                f"it has {len(content)} bytes, "
                f"but declares {picture.height}x{picture.width} pixels"
            )
        stored = sample_format(picture)
        picture.load()
        seen = add_alpha(picture, stored, lambda: _low_bytes(content))
    return seen, ["converted from 16 bits to 8"] if ";16" in stored else []


def _low_bytes(content: Any) -> np.ndarray:
    """The lower halves of a PNG file's RGB samples of 16 bits.

    Pillow keeps the upper halves; read as if its bytes were the other way round, the
    file gives the lower ones.
    """
    with Image.open(content, formats=FORMATS) as picture:
        name, extents, offset, _ = picture.tile[0]
        picture.tile = [type(picture.tile[0])(name, extents, offset, "RGB;16L")]
        return np.asarray(picture)


def _mapped(file: BufferedReader) -> Any:
    """The file as memory.

    Reading a piece of it takes only as much memory as is really there, whatever a
    damaged header says.
    """
    return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)


def _convert(
    picture: Image.Image, channels: int | None, changes: list[str]
) -> tuple[Image.Image, list[str]]:
    """The picture in grey or colour, and the list of changes with those made here."""
    mode = MODES[channels or (1 if picture.mode in GREY else 3)]
    if picture.getexif().get(ExifTags.Base.Orientation) in range(2, 9):
        changes = [*changes, "turned upright"]
        picture = ImageOps.exif_transpose(picture)
    if picture.mode.startswith("I"):
        picture = high_bytes(picture)
    if picture.has_transparency_data:
        changes = [*changes, "laid over black where transparent"]
        picture = Image.alpha_composite(
            Image.new("RGBA", picture.size, "black"), picture.convert("RGBA")
        )
    if picture.mode != mode:
        changes = [*changes, f"converted from {picture.mode} to {mode}"]
        picture = picture.convert(mode)
    return picture, changes
