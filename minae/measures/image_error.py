"""How close images are to the right ones: squared error and signal-to-noise ratio."""

import math

import numpy as np

from ..support.argument_checks import check_numbers

# A mean squared error this small is 0 in 8 bits. It counts as 100 dB, because
# metrics.json cannot hold infinity.
PERFECT = 1e-10


def squared_error(answers: np.ndarray, images: np.ndarray) -> float:
    """Σ (answer - image)² per image: summed over pixels, averaged over images.

    Shapes: both (N, C, H, W).
    Raises ValueError if the shapes differ or there are no images.
    """
    check_alike("squared_error", answers, images)
    difference = answers - images
    return float(np.vdot(difference, difference)) / len(images)


def psnr(answers: np.ndarray, images: np.ndarray) -> float:
    """The peak signal-to-noise ratio 10 log10(1 / MSE) in dB, at most 100.

    Pixels are in [0, 1], so the peak is 1. 10 dB more means a tenth of the squared
    error. The errors are averaged over all images, not the decibels: one perfect answer
    would make the mean of the decibels infinite.

    Shapes: both (N, C, H, W).
    Raises ValueError if the shapes differ or there are no images.
    """
    check_alike("psnr", answers, images)
    mean_squared_error = squared_error(answers, images) / images[0].size
    return -10 * math.log10(max(mean_squared_error, PERFECT))


def check_alike(function: str, answers: np.ndarray, images: np.ndarray) -> None:
    check_numbers(function, answers=answers, images=images)
    if answers.shape != images.shape or images.ndim == 0 or images.size == 0:
        raise ValueError(
            f"{function}: expected answers and images (N, ...) of the same shape, "
            f"N at least 1, found shapes {answers.shape} and {images.shape}"
        )
