"""The user's own pictures: PNG and JPEG files as images (C, H, W) and back, and the enlargements that Pillow knows.

Whatever of a picture has to be changed on the way in (its colours, its size) is changed, and told.
"""

import mmap
import os
import struct
import warnings
from collections import Counter
from collections.abc import Callable, Sequence
from io import BufferedReader
from pathlib import Path
from typing import Any

import numpy as np
from PIL import ExifTags, Image, ImageOps, UnidentifiedImageError

from .checks import check_file, check_numbers, check_whole
from .errors import FileError

FORMATS = ("PNG", "JPEG")
SUFFIXES = (".png", ".jpg", ".jpeg")
MODES = {1: "L", 3: "RGB"}  # Pillow's names, by number of channels
NEAREST, BICUBIC = Image.Resampling.NEAREST, Image.Resampling.BICUBIC

DAMAGED = (OSError, SyntaxError, ValueError, struct.error)  # what Pillow raises for a file that is not as it should be

SMALL = 2**22  # pixels that any file may hold; a larger picture must have a byte on disk for every PER_BYTE of them
PER_BYTE = 200  # photographs have up to 20; a small file that declares a thousand is made to fill the memory


def read_picture(
    path: str | os.PathLike, channels: int, size: tuple[int, int] | None = None
) -> tuple[np.ndarray, list[str]]:
    """The picture in a PNG or JPEG file as an image, float32 (C, H, W) in [0, 1], and what was changed to make it so.

    A picture of another mode is converted: colours to grey by their luminance, grey to equal colours, 16 bits to 8;
    transparent parts are laid over black. It is turned upright where its EXIF data say that the camera was not.
    A picture of another size than `size`, (height, width), if given, is resized to it, by bicubic interpolation.

    Raises FileError for a file that is missing, damaged, or neither PNG nor JPEG, and for one that declares more
    pixels than a file of its size holds, or than Pillow thinks safe, 89 million; ValueError for other channels.
    """
    if channels not in (1, 3):
        raise ValueError(f"read_picture: expected 1 channel (grey) or 3 (colour), found {channels!r}")
    check_file(path, "a PNG or JPEG file")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about odd metadata
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture, changes = _convert(_open(path), MODES[channels])
    except UnidentifiedImageError as error:
        raise FileError(f"{path}: expected an intact PNG or JPEG file, found neither") from error
    except (*DAMAGED, Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        raise FileError(f"{path}: expected an intact PNG or JPEG file ({error})") from error
    if size is not None and picture.size != size[::-1]:
        changes.append(f"resized from {picture.height}x{picture.width} to {size[0]}x{size[1]}")
        picture = picture.resize(size[::-1], BICUBIC)
    return from_pixels(np.asarray(picture)), changes


def from_pixels(pixels: np.ndarray) -> np.ndarray:
    """uint8 (H, W) or (H, W, C) as an image, float32 (C, H, W) in [0, 1]."""
    check_numbers("from_pixels", pixels=pixels)
    if pixels.dtype != np.uint8 or pixels.ndim not in (2, 3):
        raise ValueError(f"from_pixels: expected uint8 (H, W) or (H, W, C), found {pixels.dtype} {pixels.shape}")
    by_channel = pixels[None] if pixels.ndim == 2 else pixels.transpose(2, 0, 1)
    return np.divide(by_channel, 255, dtype=np.float32)


def save_picture(path: str | os.PathLike, image: np.ndarray) -> None:
    """Write an image (C, H, W) in [0, 1], C being 1 or 3, as a file of 8 bits.

    Raises FileError where it cannot be written, ValueError for another shape and for what is not finite.
    """
    check_numbers("save_picture", image=image)
    if image.ndim != 3 or len(image) not in (1, 3) or image.size == 0 or not np.isfinite(image).all():
        raise ValueError(f"save_picture: expected a finite image (1 or 3, H, W), found {_described(image)}")
    pixels = (image.clip(0, 1) * 255).round().astype(np.uint8)
    picture = Image.fromarray(pixels[0] if len(pixels) == 1 else np.ascontiguousarray(pixels.transpose(1, 2, 0)))
    try:
        picture.save(path)
    except (OSError, ValueError) as error:
        raise FileError(f"{path}: the picture cannot be written ({error})") from error


def picture_files(folder: str | os.PathLike) -> list[Path]:
    """The PNG and JPEG files that lie in a folder itself, in the order of their names. Raises FileError without one."""
    try:
        return sorted(path for path in Path(folder).iterdir() if path.suffix.lower() in SUFFIXES)
    except (OSError, ValueError) as error:
        found = getattr(error, "strerror", None) or error
        raise FileError(f"{folder}: expected a folder of pictures, found none ({found})") from error


def read_pictures(paths: Sequence[Path], least: int) -> tuple[list[np.ndarray], list[str]]:
    """Colour pictures of at least `least` pixels each way, as images (3, H, W), and what was changed, and in how many.

    Raises FileError for a smaller one, and as `read_picture` does.
    """
    images: list[np.ndarray] = []
    changes: Counter[str] = Counter()
    for path in paths:
        image, changed = read_picture(path, 3)
        if min(image.shape[1:]) < least:
            found = f"{image.shape[1]}x{image.shape[2]}"
            raise FileError(f"{path}: expected a picture of at least {least}x{least} pixels, found {found}")
        images.append(image)
        changes.update(changed)
    return images, [f"{count} of {len(paths)} pictures {change}" for change, count in changes.items()]


def patches(images: Sequence[np.ndarray], side: int, step: int, most: int = 10_000) -> np.ndarray:
    """Squares (N, C, side, side), one every `step` pixels of each image (C, H, W), down and across.

    Of an image that has more than its share of `most` squares, which bounds the memory, every so many are taken.
    Raises ValueError for no images, for images smaller than a square, and for numbers below 1.
    """
    for name, value in (("side", side), ("step", step), ("most", most)):
        check_whole(f"patches: {name}", value, 1)
    if len(images) == 0:
        raise ValueError("patches: expected images, found none")
    for image in images:
        check_numbers("patches", image=image)
        if image.ndim != 3 or min(image.shape[1:]) < side or len(image) != len(images[0]):
            wanted = f"({len(images[0])}, H, W) of at least {side}x{side} pixels"
            raise ValueError(f"patches: expected images {wanted}, found shape {image.shape}")
    share = max(1, most // len(images))
    return np.concatenate([_spread(_squares(image, side, step), share) for image in images])


def enlarge(images: np.ndarray, factor: int, method: Image.Resampling) -> np.ndarray:
    """Images (N, C, H, W), `factor` times as high and wide, by Pillow's NEAREST or BICUBIC, cut off at 0 and 1.

    Raises ValueError for another shape, no images, a factor below 1 and another method.
    """
    check_numbers("enlarge", images=images)
    check_whole("enlarge: factor", factor, 1)
    if images.ndim != 4 or images.size == 0:
        raise ValueError(f"enlarge: expected images (N, C, H, W), found shape {images.shape}")
    if method not in list(Image.Resampling):
        raise ValueError(f"enlarge: expected one of Pillow's methods, NEAREST or BICUBIC, found {method!r}")
    n, channels, height, width = images.shape
    size = (factor * width, factor * height)
    planes = images.reshape(n * channels, height, width).astype(np.float32, copy=False)
    large = [np.asarray(Image.fromarray(plane).resize(size, method)) for plane in planes]
    return np.stack(large).reshape(n, channels, *size[::-1]).clip(0, 1)


def in_tiles(
    function: Callable[[np.ndarray], np.ndarray], image: np.ndarray, factor: int, tile: int = 128, margin: int = 8
) -> np.ndarray:
    """`function`, which makes an image (C, H, W) `factor` times as large, of a big image: by tiles, to bound memory.

    Each tile is given with `margin` pixels of its surroundings, and shows no seam where `function` looks no further.
    Raises ValueError for another shape, and for a factor or tile below 1 or a margin below 0.
    """
    check_numbers("in_tiles", image=image)
    if image.ndim != 3:
        raise ValueError(f"in_tiles: expected an image (C, H, W), found shape {image.shape}")
    for name, value, least in (("factor", factor, 1), ("tile", tile, 1), ("margin", margin, 0)):
        check_whole(f"in_tiles: {name}", value, least)
    channels, height, width = image.shape
    answer = np.empty((channels, factor * height, factor * width), image.dtype)
    for top in range(0, height, tile):
        for left in range(0, width, tile):
            above, before = min(margin, top), min(margin, left)
            part = image[:, top - above : top + tile + margin, left - before : left + tile + margin]
            inner = function(part)[:, factor * above :, factor * before :][:, : factor * tile, : factor * tile]
            answer[:, factor * top : factor * (top + tile), factor * left : factor * (left + tile)] = inner
    return answer


def photographs() -> list[np.ndarray]:
    """Four colour photographs, uint8 (H, W, 3), that the package scikit-image ships, free for any use.

    The astronaut Eileen Collins (NASA, public domain), a cup of coffee (Rachel Michetti, CC0), a rocket (SpaceX, public
    domain), and, last and so for testing, Chelsea the cat (Stefan van der Walt, CC0).
    Raises ValueError where the package is missing.
    """
    try:
        from skimage import data
    except ImportError as error:
        raise ValueError(
            f"photographs: they come with scikit-image ({error}); pip install 'minae[images]', or name your own folder"
        ) from error
    return [data.astronaut(), data.coffee(), data.rocket(), data.chelsea()]


def _squares(image: np.ndarray, side: int, step: int) -> np.ndarray:
    squares = np.lib.stride_tricks.sliding_window_view(image, (side, side), axis=(1, 2))[:, ::step, ::step]
    return np.moveaxis(squares, 0, 2).reshape(-1, len(image), side, side)


def _spread(squares: np.ndarray, most: int) -> np.ndarray:
    """All squares, or `most` of them, evenly spread."""
    return squares if len(squares) <= most else squares[np.linspace(0, len(squares) - 1, most).astype(int)]


def _described(image: np.ndarray) -> str:
    return f"shape {image.shape}" + ("" if np.isfinite(image).all() else ", not finite")


def _open(path: str | os.PathLike) -> Image.Image:
    with open(path, "rb") as file, _mapped(file) as content, Image.open(content, formats=FORMATS) as picture:
        if picture.width * picture.height > max(SMALL, PER_BYTE * len(content)):
            raise ValueError(f"of {len(content)} bytes, it declares {picture.height}x{picture.width} pixels")
        picture.load()
    return picture


def _mapped(file: BufferedReader) -> Any:
    """The file as memory. To read a piece of it takes no more than is there, and not what a damaged header says."""
    return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)


def _convert(picture: Image.Image, mode: str) -> tuple[Image.Image, list[str]]:
    changes = []
    if picture.getexif().get(ExifTags.Base.Orientation, 1) != 1:
        changes.append("turned upright")
        picture = ImageOps.exif_transpose(picture)
    if picture.mode.startswith("I"):  # 16 bits, which Pillow's own conversion would cut off at 255
        changes.append("converted from 16 bits to 8")
        picture = Image.fromarray((np.asarray(picture) // 256).astype(np.uint8))
    if picture.has_transparency_data:
        changes.append("laid over black where transparent")
        picture = Image.alpha_composite(Image.new("RGBA", picture.size, "black"), picture.convert("RGBA"))
    if picture.mode != mode:
        changes.append(f"converted from {picture.mode} to {mode}")
        picture = picture.convert(mode)
    return picture, changes
