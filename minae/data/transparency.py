"""PNG files in which one colour stands for transparent, at every bit depth.

Such a file gives the colour with the bits of its own samples. Pillow compares it with
pixels of 8 bits, and so finds it only where the file has 8 bits, 1, or a palette.
"""

from typing import Any

import numpy as np
from PIL import Image


def sample_format(picture: Any) -> str:
    """How a PNG file's samples are stored, as Pillow calls it: "L;2", "RGB;16B", ...

    It is known until the picture is loaded.
    """
    args = picture.tile[0][3] if picture.tile else ""
    return args if isinstance(args, str) else ""


def add_alpha(picture: Image.Image, stored: str, low_bytes: Any) -> Image.Image:
    """A loaded picture, with its transparent colour as a channel of 8 bits.

    `stored` is the file's sample_format; `low_bytes()` gives the lower halves of RGB
    samples of 16 bits, which Pillow leaves out.
    """
    if stored == "LA;16B":
        return picture.convert("LA")  # Pillow has made it RGBA
    key = picture.info.get("transparency")
    if stored in ("L;2", "L;4") and isinstance(key, int):
        largest = 2 ** int(stored[-1]) - 1
        transparent = np.asarray(picture) == 255 // largest * key
    elif picture.mode.startswith("I") and isinstance(key, int):
        transparent = np.asarray(picture) == key
        picture = high_bytes(picture)
    elif stored == "RGB;16B" and isinstance(key, tuple):
        wide = np.asarray(picture).astype(np.int32) * 256 + low_bytes()
        transparent = (wide == key).all(axis=2)
    else:
        return picture
    alpha = Image.fromarray(np.where(transparent, 0, 255).astype(np.uint8))
    picture = picture.copy()
    picture.info.pop("transparency", None)
    picture.putalpha(alpha)
    return picture


def high_bytes(picture: Image.Image) -> Image.Image:
    """A grey picture of 16 bits, in 8; Pillow would cut its values off at 255."""
    info = picture.info
    picture = Image.fromarray((np.asarray(picture) >> 8).astype(np.uint8))
    picture.info = info
    return picture
