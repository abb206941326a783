"""The evidence log p(x) of a latent-variable model, bounded from below by importance sampling.

These are functions of arrays (NumPy's or CuPy's): they measure a trained model, and no gradient passes through them.
"""

import math
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from .autograd import no_grad
from .backend import Array, to_numpy, xp_of
from .checks import check_numbers, check_whole, is_whole
from .data import batches
from .tensor import Tensor

__all__ = ["binarise", "evidence_bounds", "importance_weighted_bound", "log_mean_exp"]

BINARISATION_SEED = 0  # one seed for all models: they are compared on the same black and white images


def log_mean_exp(x: Array, axis: int) -> Array:
    """ln((1/n) Σ e^x) over the n elements along `axis`, which is dropped.

    Shifted by the maximum, so that no exponential overflows and the largest never underflows. Elements of -inf count as
    e^-inf = 0; where all are -inf, so is the result. The dtype is kept.

    Raises ValueError where x has no such axis, or no elements along it; TypeError for no array of real numbers.
    """
    check_numbers("log_mean_exp", x=x)
    if not (is_whole(axis) and -x.ndim <= axis < x.ndim) or x.shape[axis] == 0:
        found = f"shape {x.shape}"
        raise ValueError(f"log_mean_exp: axis {axis!r} must be an axis with at least one element, found {found}")
    xp = xp_of(x)
    peak = x.max(axis=axis, keepdims=True)
    shift = xp.where(xp.isfinite(peak), peak, 0)
    mean = xp.exp(x - shift).mean(axis=axis, keepdims=True)
    nothing = mean == 0  # only where all are -inf: elsewhere the peak alone gives 1/n
    return (shift + xp.where(nothing, -xp.inf, xp.log(mean + nothing))).squeeze(axis)


def importance_weighted_bound(log_weights: Array) -> Array:
    """L_k = ln((1/k) Σ_i w_i) with w_i = p(x, z_i) / q(z_i|x) and z_1 ... z_k drawn from q(z|x), in nats per example.

    E[L_1] is the ELBO. In expectation L_k rises with k, never above log p(x), and reaches it as k → ∞ if the w_i are
    bounded.

    Shapes: log_weights (k, N), the ln w_i of each of N examples -> (N,).
    Raises ValueError for another number of axes, and for k = 0; TypeError for what is no array of real numbers.
    Source: Burda, Grosse & Salakhutdinov 2016, "Importance Weighted Autoencoders", equation 8 and theorem 1.
    """
    check_numbers("importance_weighted_bound", log_weights=log_weights)
    if log_weights.ndim != 2 or len(log_weights) == 0:
        raise ValueError(f"importance_weighted_bound: expected log_weights (k, N), found shape {log_weights.shape}")
    return log_mean_exp(log_weights, axis=0)


def binarise(images: Array) -> Array:
    """Black and white images: each pixel 1 with the probability of its grey value, else 0, drawn from a fixed seed.

    The first images come out alike, however many follow, and on every device. Shape and dtype are kept.
    Source: Salakhutdinov & Murray 2008, "On the Quantitative Analysis of Deep Belief Networks".
    """
    check_numbers("binarise", images=images)
    grey = to_numpy(images)
    uniform = np.random.default_rng(BINARISATION_SEED).random(grey.shape, dtype=np.float32)
    return xp_of(images).asarray((uniform < grey).astype(grey.dtype))


def evidence_bounds(
    model: Any,
    images: Array,
    samples: int,
    rng: Any,
    rows: int = 256,
    progress: Callable[[Iterable], Iterable] = iter,
) -> tuple[Array, Array]:
    """The ELBO and the importance-weighted bound L_k of each image, from the same k = `samples` draws of z.

    Both in nats, float64 (N,); image by image the ELBO, as the mean of ln w_i, is at most L_k.

    Args:
        model: has `log_weights(x, samples, rng)`, as a `VariationalAutoencoder`.
        rows: so many codes are decoded at a time, whatever k and N: memory stays bounded.
        progress: wraps the iteration over batches of images, e.g. `tqdm`.

    Raises ValueError for no images, and for samples or rows below 1.
    """
    check_numbers("evidence_bounds", images=images)
    check_whole("evidence_bounds: samples", samples, 1)
    check_whole("evidence_bounds: rows", rows, 1)
    if images.ndim == 0 or len(images) == 0:
        raise ValueError(f"evidence_bounds: expected images (N, ...), found shape {images.shape}")
    parts = list(batches(len(images), min(len(images), max(1, rows // samples)), rng=None))
    bounds = [_bounds(model, Tensor(images[index]), samples, rng, rows) for index in progress(parts)]
    elbo, bound = zip(*bounds)
    xp = xp_of(images)
    return xp.concatenate(elbo), xp.concatenate(bound)


@no_grad()
def _bounds(model: Any, x: Tensor, samples: int, rng: Any, rows: int) -> tuple[Array, Array]:
    """The same for a few images, their weights summed chunk by chunk: Σ ln w_i, and ln Σ w_i."""
    xp = xp_of(x.data)
    sum_of_logs, log_of_sum = xp.zeros(len(x)), xp.full(len(x), -math.inf)
    for start in range(0, samples, rows):
        count = min(rows, samples - start)
        log_weights = model.log_weights(x, count, rng).data.astype("float64")
        sum_of_logs += log_weights.sum(axis=0)
        log_of_sum = xp.logaddexp(log_of_sum, importance_weighted_bound(log_weights) + math.log(count))
    return sum_of_logs / samples, log_of_sum - math.log(samples)
