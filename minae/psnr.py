"""How near images are to the right ones: the squared error, and in decibels the peak signal-to-noise ratio."""

import math

import numpy as np

PERFECT = 1e-10  # a mean squared error that small is none in 8 bits: 100 dB, and no infinity in metrics.json


def squared_error(answers: np.ndarray, images: np.ndarray) -> float:
    """Σ (answer - image)² per image: summed over pixels, averaged over images. Shapes: both (N, C, H, W)."""
    difference = answers - images
    return float(np.vdot(difference, difference)) / len(images)


def psnr(answers: np.ndarray, images: np.ndarray) -> float:
    """10 log10(1 / MSE) in dB, for pixels in [0, 1] (peak 1); at most 100. Shapes: both (N, C, H, W).

    10 dB more mean a tenth of the squared error. The errors are averaged over all images, not the decibels: one image
    answered perfectly would make their mean infinite.
    """
    mean_squared_error = squared_error(answers, images) / images[0].size
    return -10 * math.log10(max(mean_squared_error, PERFECT))
