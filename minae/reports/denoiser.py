"""What the denoiser shows: how well it takes noise away, beside the best linear map.

It also shows that the denoiser knows only one kind of image.
"""

from functools import lru_cache
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from ..backend import Array, default_rng, to_numpy, xp_of
from ..data import Dataset, batches, name_of
from ..measures.image_error import psnr, squared_error
from ..measures.ridge import Pairs, Ridge, RidgeOfSquares, square_side
from ..models import Denoiser
from ..training import in_batches
from . import plots

LOSSES = ("reconstruction",)  # what the loss curves show
UNIT = "squared error per image, summed over pixels"
# For each data set, another kind of images, which its denoiser has never seen.
OTHER = {"mnist": "fashion-mnist", "fashion-mnist": "mnist"}


def measure(model: Denoiser, data: Dataset, seed: int) -> dict[str, Any]:
    """The test figures, and those of two baselines on the same noise.

    The baselines are the noisy images themselves, and the best linear map.
    """
    clean, noisy, restored = restore(model, data.test.images, seed)
    linear = best_linear_map(model, data, seed)
    figures: dict[str, Any] = {
        "reconstruction": squared_error(restored, clean),
        "psnr": psnr(restored, clean),
        "psnr_noisy": psnr(noisy, clean),
        "psnr_linear": psnr(linear(noisy), clean),
    }
    if isinstance(linear, RidgeOfSquares):
        figures["linear_squares"] = linear.side
    if (images := other_kind(model, data)) is not None:
        clean, noisy, restored = restore(model, images, seed)
        figures |= {
            "other_kind": OTHER[str(data.source)],
            "psnr_other_kind": psnr(restored, clean),
            "psnr_noisy_other_kind": psnr(noisy, clean),
        }
    return figures


def describe(metrics: dict[str, Any]) -> list[str]:
    over_noisy = metrics["psnr"] - metrics["psnr_noisy"]
    over_linear = metrics["psnr"] - metrics["psnr_linear"]
    side = metrics.get("linear_squares")
    squares = f", of squares of {side}x{side} pixels to bound the time" if side else ""
    lines = [
        f"PSNR {metrics['psnr']:.2f} dB: "
        f"{over_noisy:.2f} dB above the noisy images ({metrics['psnr_noisy']:.2f} dB), "
        f"{over_linear:.2f} dB above the best linear map "
        f"({metrics['psnr_linear']:.2f} dB{squares})",
        f"squared error {metrics['reconstruction']:.2f} per image, summed over pixels",
    ]
    if "psnr_other_kind" in metrics:
        lines.append(
            f"on {metrics['other_kind']}, which it has not learned: "
            f"PSNR {metrics['psnr_other_kind']:.2f} dB "
            f"({metrics['psnr_noisy_other_kind']:.2f} dB with the noise)"
        )
    return lines


def figures(model: Denoiser, data: Dataset, seed: int) -> dict[str, Figure]:
    shown = {
        "reconstructions": reconstructions(model, data.test.images),
        "beside_linear": beside_linear(model, data, seed),
    }
    if (images := other_kind(model, data)) is not None:
        clean, noisy, restored = restore(model, images[:20], seed)
        named = {"original": clean, "noisy": noisy, "denoised": restored}
        other = name_of(OTHER[str(data.source)])
        shown["other_kind"] = plots.versions(
            named, f"Images of another kind, which it has not learned from: {other}"
        )
    return shown


def reconstructions(model: Denoiser, images: Array, count: int = 30) -> Figure:
    clean, noisy, restored = restore(model, images[:count], seed=0)
    named = {"original": clean, "noisy": noisy, "denoised": restored}
    noise = f"N({model.noise_mean:g}, {model.noise_std:g}²)"
    return plots.versions(named, f"Test images, with noise from {noise}, and denoised")


def beside_linear(model: Denoiser, data: Dataset, seed: int) -> Figure:
    clean, noisy, restored = restore(model, data.test.images[:20], seed)
    linear = best_linear_map(model, data, seed)(noisy)
    named = {"original": clean, "noisy": noisy, "linear": linear, "denoiser": restored}
    return plots.versions(
        named, "The denoiser, and the best linear map from noisy to clean images"
    )


def restore(
    model: Denoiser, images: Array, seed: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The images, noisy copies of them, and what the model makes of the noisy ones."""
    noisy = model.add_noise(images, default_rng(seed, xp_of(images)))
    restored = np.concatenate(
        [restored.numpy() for restored in in_batches(model.reconstruct, noisy)]
    )
    return to_numpy(images), to_numpy(noisy), restored


@lru_cache(maxsize=1)  # what is measured is drawn, too
def best_linear_map(
    model: Denoiser, data: Dataset, seed: int
) -> Ridge | RidgeOfSquares:
    """The best linear map from noisy training images to clean ones.

    The last tenth of the images chooses the penalty. Large images are mapped square by
    square: see `square_side`.
    """
    images, rng = to_numpy(data.train.images), np.random.default_rng(seed)
    held_out = max(1, len(images) // 10)
    chosen_by = images[-held_out:]
    pairs = noisy_pairs(model, images[:-held_out], rng)
    held = model.add_noise(chosen_by, rng), chosen_by
    side = square_side(images.shape[1:])
    if side is None:
        return Ridge.fit(pairs, held)
    return RidgeOfSquares.fit(pairs, held, side)


def noisy_pairs(model: Denoiser, images: np.ndarray, rng: np.random.Generator) -> Pairs:
    """Batches of (noisy, clean) images, so that memory stays bounded."""
    for index in batches(len(images), min(1000, len(images)), rng=None):
        yield model.add_noise(images[index], rng), images[index]


def other_kind(model: Denoiser, data: Dataset) -> Array | None:
    """Test images of another kind, if there are any of the same size."""
    if str(data.source) not in OTHER:
        return None
    images = Dataset(OTHER[str(data.source)], data.limit).test.images
    return xp_of(model.parameters()[0].data).asarray(images)
