"""How near images are to the right ones: the squared error, and in decibels the peak signal-to-noise ratio."""

import math

import numpy as np

from .checks import check_numbers

PERFECT = 1e-10  # a mean squared error that small is none in 8 bits: 100 dB, and no infinity in metrics.json


def squared_error(answers: np.ndarray, images: np.ndarray) -> float:
    """Σ (answer - image)² per image: summed over pixels, averaged over images. Shapes: both (N, C, H, W).

    Raises ValueError for two shapes and for no images.
    """
    check_alike("squared_error", answers, images)
    difference = answers - images
    return float(np.vdot(difference, difference)) / len(images)


def psnr(answers: np.ndarray, images: np.ndarray) -> float:
    """10 log10(1 / MSE) in dB, for pixels in [0, 1] (peak 1); at most 100. Shapes: both (N, C, H, W).

    10 dB more mean a tenth of the squared error. The errors are averaged over all images, not the decibels: one image
    answered perfectly would make their mean infinite.
    Raises ValueError for two shapes and for no images.
    """
    check_alike("psnr", answers, images)
    mean_squared_error = squared_error(answers, images) / images[0].size
    return -10 * math.log10(max(mean_squared_error, PERFECT))


def check_alike(function: str, answers: np.ndarray, images: np.ndarray) -> None:
    check_numbers(function, answers=answers, images=images)
    if answers.shape != images.shape or images.ndim == 0 or images.size == 0:
        found = f"shapes {answers.shape} and {images.shape}"
        raise ValueError(f"{function}: expected answers and images (N, ...) of one shape, N at least 1, found {found}")
