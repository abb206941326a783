"""Cuts large images into patches or tiles; resizes, turns and mirrors images."""

from collections.abc import Callable, Iterator

import numpy as np
from PIL import Image

from ..support.argument_checks import check_numbers, check_whole

NEAREST, BICUBIC = Image.Resampling.NEAREST, Image.Resampling.BICUBIC


def cut(image: np.ndarray, side: int, step: int, most: int) -> np.ndarray:
    """Squares (N, C, side, side) of an image (C, H, W), one every `step` pixels.

    If there are more than `most`, evenly spread ones are taken, to bound the memory.
    Raises ValueError if the image is smaller than a square, and for numbers below 1.
    """
    for name, value in (("side", side), ("step", step), ("most", most)):
        check_whole(f"cut: {name}", value, 1)
    check_numbers("cut", image=image)
    if image.ndim != 3 or min(image.shape[1:]) < side:
        wanted = f"(C, H, W) of at least {side}x{side} pixels"
        raise ValueError(f"cut: expected an image {wanted}, found shape {image.shape}")
    squares = np.lib.stride_tricks.sliding_window_view(
        image, (side, side), axis=(1, 2)
    )[:, ::step, ::step]
    rows, columns = squares.shape[1:3]
    count = rows * columns
    chosen = np.linspace(0, count - 1, min(most, count)).astype(int)
    return squares[:, chosen // columns, chosen % columns].swapaxes(0, 1)


def variations(image: np.ndarray) -> Iterator[np.ndarray]:
    """An image (C, H, W) at its size and at half of it, each turned and mirrored.

    So a few photographs teach more: each has 8 positions, and becomes 16. At half the
    size, each pixel the mean of 2x2, they are sharper from pixel to pixel than cameras
    and JPEG leave them.
    """
    channels, height, width = image.shape
    even = image[:, : height // 2 * 2, : width // 2 * 2]
    blocks = even.reshape(channels, height // 2, 2, width // 2, 2)
    for size in image, blocks.mean(axis=(2, 4)):
        for quarters in range(4):
            turned = np.rot90(size, quarters, axes=(1, 2))
            yield turned
            yield turned[..., ::-1]


def resize_to_fill(image: np.ndarray, height: int, width: int) -> np.ndarray:
    """An image (C, H, W) as (C, height, width), by bicubic interpolation.

    Its proportions are kept: what does not fit is cut off, equally at both ends.
    """
    if image.shape[1:] == (height, width):
        return image
    old_height, old_width = image.shape[1:]
    scale = min(old_height / height, old_width / width)
    # Rounding may make a margin of 0 a little less.
    above = max(0.0, (old_height - scale * height) / 2)
    before = max(0.0, (old_width - scale * width) / 2)
    box = (before, above, old_width - before, old_height - above)
    planes = [
        np.asarray(Image.fromarray(plane).resize((width, height), BICUBIC, box))
        for plane in np.asarray(image, np.float32)
    ]
    return np.stack(planes).clip(0, 1)


def enlarge(images: np.ndarray, factor: int, method: Image.Resampling) -> np.ndarray:
    """Images (N, C, H, W), `factor` times as high and wide, clipped to [0, 1].

    `method` is Pillow's NEAREST or BICUBIC. Raises ValueError for another shape, no
    images, a factor below 1, or another method.
    """
    check_numbers("enlarge", images=images)
    check_whole("enlarge: factor", factor, 1)
    if images.ndim != 4 or images.size == 0:
        raise ValueError(
            f"enlarge: expected images (N, C, H, W), found shape {images.shape}"
        )
    if method not in list(Image.Resampling):
        raise ValueError(
            "enlarge: expected one of Pillow's methods, NEAREST or BICUBIC, "
            f"found {method!r}"
        )
    n, channels, height, width = images.shape
    size = (factor * width, factor * height)
    planes = images.reshape(n * channels, height, width).astype(np.float32, copy=False)
    large = [
        np.asarray(Image.fromarray(plane).resize(size, method)) for plane in planes
    ]
    enlarged = np.stack(large).reshape(n, channels, factor * height, factor * width)
    return enlarged.clip(0, 1)


def in_tiles(
    function: Callable[[np.ndarray], np.ndarray],
    image: np.ndarray,
    factor: int,
    tile: int = 128,
    margin: int = 16,
    multiple: int = 1,
) -> np.ndarray:
    """Apply `function` to a big image (C, H, W) tile by tile, to bound the memory.

    `function` makes an image `factor` times as large. It is given each tile with
    `margin` pixels of its surroundings, and so overlapping its neighbours; around the
    image, a mirror image. If it looks no further, neither seams nor the edge show.
    Height and width of what it is given are multiples of `multiple`.

    Raises ValueError for another shape, a factor, tile or multiple below 1, a margin
    below 0, and a tile or margin that is not a multiple of `multiple`.
    """
    check_numbers("in_tiles", image=image)
    if image.ndim != 3:
        raise ValueError(
            f"in_tiles: expected an image (C, H, W), found shape {image.shape}"
        )
    for name, value, least in (
        ("factor", factor, 1),
        ("multiple", multiple, 1),
        ("tile", tile, 1),
        ("margin", margin, 0),
    ):
        check_whole(f"in_tiles: {name}", value, least)
        if name in ("tile", "margin") and value % multiple:
            raise ValueError(
                f"in_tiles: {name} must be a multiple of {multiple}, found {value}"
            )
    channels, height, width = image.shape
    around = [(margin, margin + -size % multiple) for size in (height, width)]
    padded = np.pad(image, ((0, 0), *around), mode="symmetric")
    answer = np.empty((channels, factor * height, factor * width), image.dtype)
    seen, inside = tile + 2 * margin, slice(factor * margin, factor * (margin + tile))
    for top in range(0, height, tile):
        for left in range(0, width, tile):
            large = function(padded[:, top : top + seen, left : left + seen])
            place = answer[
                :,
                factor * top : factor * (top + tile),
                factor * left : factor * (left + tile),
            ]
            inner = large[:, inside, inside]
            place[...] = inner[:, : place.shape[1], : place.shape[2]]
    return answer
