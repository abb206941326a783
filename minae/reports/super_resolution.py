"""What super-resolution shows: enlarged images beside Pillow's enlargements.

It also shows what the model makes of noise.
"""

import numpy as np
from matplotlib.figure import Figure

from ..backend import Array, default_rng, to_numpy, xp_of
from ..data import Dataset
from ..data.tiles import BICUBIC, NEAREST, enlarge
from ..measures.image_error import psnr, squared_error
from ..models import SuperResolution
from ..training import in_batches
from . import plots

LOSSES = ("reconstruction",)  # what the loss curves show
UNIT = "squared error per image, summed over pixels"


def measure(model: SuperResolution, data: Dataset, seed: int) -> dict[str, float]:
    """The test figures, and those of two baselines on the same small images.

    The baselines are nearest and bicubic enlargement.
    """
    images = to_numpy(data.test.images)
    answers = enlargements(model, shrink(model, data.test.images))
    return {
        "reconstruction": squared_error(answers["model"], images),
        "psnr": psnr(answers["model"], images),
        "psnr_bicubic": psnr(answers["bicubic"], images),
        "psnr_nearest": psnr(answers["nearest"], images),
        "factor": model.factor,
    }


def describe(metrics: dict[str, float]) -> list[str]:
    over_bicubic = metrics["psnr"] - metrics["psnr_bicubic"]
    over_nearest = metrics["psnr"] - metrics["psnr_nearest"]
    return [
        f"PSNR {metrics['psnr']:.2f} dB, {metrics['factor']} times as high and wide: "
        f"{over_bicubic:.2f} dB above bicubic ({metrics['psnr_bicubic']:.2f} dB), "
        f"{over_nearest:.2f} dB above nearest ({metrics['psnr_nearest']:.2f} dB)",
        f"squared error {metrics['reconstruction']:.2f} per image, summed over pixels",
    ]


def figures(model: SuperResolution, data: Dataset, seed: int) -> dict[str, Figure]:
    return {
        "reconstructions": reconstructions(model, data.test.images),
        "noise": from_noise(model, data.test.images, seed),
    }


def reconstructions(model: SuperResolution, images: Array, count: int = 20) -> Figure:
    """Images from all over the test split, enlarged.

    Neighbours would be patches of one picture, perhaps all of its sky.
    """
    numbers = np.linspace(0, len(images) - 1, min(count, len(images)))
    chosen = images[numbers.astype(int)]
    small = shrink(model, chosen)
    height, width = small.shape[2:]
    answers = enlargements(model, small)
    named = {
        f"{height}x{width}": answers["nearest"],
        "bicubic": answers["bicubic"],
        "model": answers["model"],
    }
    return plots.versions(
        named | {"original": to_numpy(chosen)},
        f"Test images, {model.factor} times as high and wide",
    )


def from_noise(
    model: SuperResolution, images: Array, seed: int, count: int = 10
) -> Figure:
    """What the model draws into uniform noise, in which there is nothing to be found.

    What it adds to the bicubic enlargement is therefore its own.
    """
    xp = xp_of(images)
    shape = count, *shrink(model, images[:1]).shape[1:]
    noise = default_rng(seed, xp).random(shape, dtype=images.dtype)
    answers = enlargements(model, noise)
    added = answers["model"] - answers["bicubic"]
    named = {
        "noise": answers["nearest"],
        "bicubic": answers["bicubic"],
        "model": answers["model"],
        "model - bicubic\n(grey: 0)": 0.5 + added,
    }
    title = (
        f"Uniform noise, {model.factor} times as high and wide: what the model adds is "
        "its own invention (from pixel to pixel, its images change by "
        f"{mean_step(answers['model']):.2f} on average, bicubic's by "
        f"{mean_step(answers['bicubic']):.2f})"
    )
    return plots.versions(named, title)


def mean_step(images: np.ndarray) -> float:
    """The mean difference between a pixel and the next one, to the right and below.

    Shapes: images (N, C, H, W). It is large where there are many edges.
    """
    steps = [np.abs(np.diff(images, axis=axis)).mean() for axis in (2, 3)]
    return float(np.mean(steps))


def shrink(model: SuperResolution, images: Array) -> Array:
    xp = xp_of(images)
    return xp.concatenate([small.data for small in in_batches(model.shrink, images)])


def enlargements(model: SuperResolution, small: Array) -> dict[str, np.ndarray]:
    """The small images made larger by each method."""
    by_model = np.concatenate(
        [large.numpy() for large in in_batches(model.enlarge, small)]
    )
    on_host = to_numpy(small)
    return {
        "model": by_model,
        "bicubic": enlarge(on_host, model.factor, BICUBIC),
        "nearest": enlarge(on_host, model.factor, NEAREST),
    }
