"""What an importance-weighted autoencoder shows: what a VAE does, and its bounds.

All of it is about black and white images: `binarise` leaves those that are so already.
"""

from typing import Any

import numpy as np
from matplotlib.figure import Figure

from ..backend import Array, default_rng, to_numpy, xp_of
from ..data import Dataset
from ..measures.evidence import binarise, evidence_bounds, importance_weighted_bound
from ..models import IWAE
from ..training import evaluate, in_batches
from . import plots, vae
from .vae import UNIT, details, evidence, reconstructions, samples

__all__ = [
    "LOSSES",
    "UNIT",
    "describe",
    "details",
    "evidence",
    "figures",
    "measure",
    "reconstructions",
    "samples",
]

SAMPLES = 100  # of each image's code, for the estimate of -ln p(x)
LOSSES = ("negative_bound", "negative_elbo", "reconstruction", "kl")
# For the figure of the bounds: the numbers of samples, and of images.
COUNTS = tuple(2**i for i in range(9))
IMAGES, AT_ONCE = 200, 16


def measure(model: IWAE, data: Dataset, seed: int) -> dict[str, Any]:
    """The test figures: -L_1, -L_k and an estimate of -ln p(x) from above."""
    images = data.test.images
    mean = evaluate(model, data.test, default_rng(seed, xp_of(images)))
    rng = default_rng(seed, xp_of(images))
    nll = -to_numpy(evidence_bounds(model, binarise(images), SAMPLES, rng)[1])
    return vae.measure(model, data, seed) | {
        "k": model.k,
        "negative_bound": mean["negative_bound"],
        "nll": nll.mean().item(),
        "nll_standard_error": vae.standard_error(nll),
        "nll_samples": SAMPLES,
    }


def describe(metrics: dict[str, Any]) -> list[str]:
    nll = vae.with_error(metrics["nll"], metrics["nll_standard_error"])
    return [
        *vae.describe(metrics),
        f"negative bound {metrics['negative_bound']:.2f} nats per image "
        f"by the {metrics['k']} samples of training; -log p(x) <= {nll} "
        f"by {metrics['nll_samples']} samples; images binarised",
    ]


def figures(model: IWAE, data: Dataset, seed: int) -> dict[str, Figure]:
    few = binarise(data.test.images[:IMAGES])
    return vae.figures(model, data, seed) | {"bounds": bounds(model, few, seed)}


def bounds(model: IWAE, images: Array, seed: int) -> Figure:
    """How the bound rises with the number of samples."""
    rng = default_rng(seed, xp_of(images))
    parts = in_batches(lambda x: model.log_weights(x, COUNTS[-1], rng), images, AT_ONCE)
    log_weights = np.concatenate([part.numpy() for part in parts], axis=1)
    log_weights = log_weights.astype(np.float64)
    means = np.array([mean_bound(log_weights, count) for count in COUNTS])
    title = f"Bounds on ln p(x), on {plots.counted(len(images), 'test image')}"
    return plots.bounds(COUNTS, means, model.k, title)


def mean_bound(log_weights: np.ndarray, count: int) -> float:
    """The mean of L_count over the images, and over all groups of so many samples.

    Shapes: log_weights (samples, N), where count divides the number of samples.
    """
    groups = log_weights.reshape(count, -1)
    return importance_weighted_bound(groups).mean().item()
