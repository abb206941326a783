"""The user's own pictures: PNG and JPEG files as images (C, H, W) and back, and the enlargements that Pillow knows.

Whatever of a picture has to be changed on the way in (its colours, its size) is changed, and told.
"""

import os
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from PIL import ExifTags, Image, ImageOps

from .errors import FileError

FORMATS = ("PNG", "JPEG")
SUFFIXES = (".png", ".jpg", ".jpeg")
MODES = {1: "L", 3: "RGB"}  # Pillow's names, by number of channels
NEAREST, BICUBIC = Image.Resampling.NEAREST, Image.Resampling.BICUBIC


def read_picture(
    path: str | os.PathLike, channels: int, size: tuple[int, int] | None = None
) -> tuple[np.ndarray, list[str]]:
    """The picture in a PNG or JPEG file as an image, float32 (C, H, W) in [0, 1], and what was changed to make it so.

    A picture of another mode is converted: colours to grey by their luminance, grey to equal colours, 16 bits to 8;
    transparent parts are laid over black. It is turned upright where its EXIF data say that the camera was not.
    A picture of another size than `size`, (height, width), if given, is resized to it, by bicubic interpolation.

    Raises FileError for a file that is missing, damaged, or neither PNG nor JPEG; ValueError for other channels.
    """
    if channels not in MODES:
        raise ValueError(f"read_picture: expected 1 channel (grey) or 3 (colour), found {channels}")
    picture = _open(path)
    picture, changes = _convert(picture, MODES[channels])
    if size is not None and picture.size != size[::-1]:
        changes.append(f"resized from {picture.height}x{picture.width} to {size[0]}x{size[1]}")
        picture = picture.resize(size[::-1], BICUBIC)
    return from_pixels(np.asarray(picture)), changes


def from_pixels(pixels: np.ndarray) -> np.ndarray:
    """uint8 (H, W) or (H, W, C) as an image, float32 (C, H, W) in [0, 1]."""
    by_channel = pixels[None] if pixels.ndim == 2 else pixels.transpose(2, 0, 1)
    return np.divide(by_channel, 255, dtype=np.float32)


def save_picture(path: str | os.PathLike, image: np.ndarray) -> None:
    """Write an image (C, H, W) in [0, 1], C being 1 or 3, as a file of 8 bits. Raises FileError where it cannot be."""
    pixels = (image.clip(0, 1) * 255).round().astype(np.uint8)
    picture = Image.fromarray(pixels[0] if len(pixels) == 1 else np.ascontiguousarray(pixels.transpose(1, 2, 0)))
    try:
        picture.save(path)
    except (OSError, ValueError) as error:
        raise FileError(f"{path}: the picture cannot be written ({error})") from error


def picture_files(folder: str | os.PathLike) -> list[Path]:
    """The PNG and JPEG files that lie in a folder itself, in the order of their names."""
    return sorted(path for path in Path(folder).iterdir() if path.suffix.lower() in SUFFIXES)


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
    """
    share = max(1, most // len(images))
    return np.concatenate([_spread(_squares(image, side, step), share) for image in images])


def enlarge(images: np.ndarray, factor: int, method: Image.Resampling) -> np.ndarray:
    """Images (N, C, H, W), `factor` times as high and wide, by Pillow's NEAREST or BICUBIC, cut off at 0 and 1."""
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
    """
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


def _open(path: str | os.PathLike) -> Image.Image:
    try:
        with Image.open(path, formats=FORMATS) as picture:
            picture.load()
    except FileNotFoundError as error:
        raise FileError(f"{path}: expected a PNG or JPEG file, found none") from error
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise FileError(f"{path}: expected an intact PNG or JPEG file ({error})") from error
    return picture


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
