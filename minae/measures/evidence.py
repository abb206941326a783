"""Lower bounds on the evidence log p(x) of a model with latent variables.

They come from importance sampling. These are functions of arrays (NumPy's or CuPy's):
they measure a trained model, and no gradient passes through them.
"""

import math
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

import numpy as np

from .. import functional as F
from ..autograd import no_grad
from ..backend import Array, default_rng, to_numpy, xp_of
from ..data import batches
from ..support.argument_checks import check_numbers, check_whole, is_whole
from ..tensors import Tensor

__all__ = ["binarise", "evidence_bounds", "importance_weighted_bound", "log_mean_exp"]

# One seed for all models: they are compared on the same black and white images.
BINARISATION_SEED = 0


def log_mean_exp(x: Array, axis: int) -> Array:
    """ln((1/n) Σ e^x) over the n elements along `axis`, which is dropped.

    No exponential overflows, and the largest never underflows: see `F.logsumexp`.
    Elements of -inf count as e^-inf = 0; if all are -inf, so is the result. The dtype
    is kept.

    Raises ValueError if x has no such axis, or no elements along it; TypeError if x is
    not an array of floats.
    """
    check_numbers("log_mean_exp", x=x)
    if not (is_whole(axis) and -x.ndim <= axis < x.ndim) or x.shape[axis] == 0:
        raise ValueError(
            f"log_mean_exp: axis {axis!r} must be an axis with at least one element, "
            f"found shape {x.shape}"
        )
    return (F.logsumexp(Tensor(x), axis) - math.log(x.shape[axis])).data


def importance_weighted_bound(log_weights: Array) -> Array:
    """The lower bound L_k = ln((1/k) Σ_i w_i) on log p(x), in nats per example.

    The weights are w_i = p(x, z_i) / q(z_i|x), with z_1 ... z_k drawn from q(z|x).
    E[L_1] is the ELBO. In expectation L_k rises with k, but never above log p(x). If
    the w_i are bounded, it reaches log p(x) as k → ∞.

    Shapes: log_weights (k, N), the ln w_i of each of N examples -> (N,).
    Raises ValueError for another number of axes or k = 0; TypeError if log_weights is
    not an array of floats.
    Source: Burda, Grosse & Salakhutdinov 2016, "Importance Weighted Autoencoders",
    equation 8 and theorem 1.
    """
    check_numbers("importance_weighted_bound", log_weights=log_weights)
    if log_weights.ndim != 2 or len(log_weights) == 0:
        raise ValueError(
            "importance_weighted_bound: expected log_weights (k, N), "
            f"found shape {log_weights.shape}"
        )
    return log_mean_exp(log_weights, axis=0)


def binarise(images: Array) -> Array:
    """Black and white images, drawn at random from grey ones, with a fixed seed.

    Each pixel is 1 with the probability of its grey value, and 0 otherwise. The first
    images come out the same however many follow, and on every device. Shape and dtype
    are kept.

    Source: Salakhutdinov & Murray 2008, "On the Quantitative Analysis of Deep Belief
    Networks".
    """
    check_numbers("binarise", images=images)
    grey = to_numpy(images)
    uniform = np.random.default_rng(BINARISATION_SEED).random(
        grey.shape, dtype=np.float32
    )
    return xp_of(images).asarray((uniform < grey).astype(grey.dtype))


def evidence_bounds(
    model: Any,
    images: Array,
    samples: int,
    rng: Any,
    rows: int = 256,
    progress: Callable[[Iterable], Iterable] = iter,
    labels: Array | None = None,
) -> tuple[Array, Array]:
    """The ELBO and the importance-weighted bound L_k of each image.

    Both come from the same k = `samples` draws of z, in nats, as float64 (N,). The ELBO
    of an image is the mean of its ln w_i, so it is at most L_k.

    Args:
        model: has `log_weights(x, samples, rng, labels)`, as variational ones have.
        rows: decode this many codes at a time, whatever k and N: memory stays bounded.
        progress: wraps the iteration over batches of images, e.g. `tqdm`.
        labels: of the images, for a conditional model: its bounds are on log p(x|y).

    Raises ValueError if there are no images, or if samples or rows is below 1.
    """
    check_numbers("evidence_bounds", images=images)
    check_whole("evidence_bounds: samples", samples, 1)
    check_whole("evidence_bounds: rows", rows, 1)
    if images.ndim == 0 or len(images) == 0:
        raise ValueError(
            f"evidence_bounds: expected images (N, ...), found shape {images.shape}"
        )
    batch_size = min(len(images), max(1, rows // samples))
    parts = list(batches(len(images), batch_size, rng=None))
    xp = xp_of(images)
    rng = default_rng(rng, xp)  # a seed would give every chunk the same noise
    bounds = []
    for index in progress(parts):
        own = None if labels is None else labels[index]
        draw = partial(model.log_weights, Tensor(images[index]), rng=rng, labels=own)
        bounds.append(_bounds(draw, xp.zeros(len(index)), samples, rows))
    elbo, bound = zip(*bounds)
    return xp.concatenate(elbo), xp.concatenate(bound)


@no_grad()
def _bounds(
    draw: Callable[..., Tensor], zeros: Array, samples: int, rows: int
) -> tuple[Array, Array]:
    """Both bounds for a few images: Σ ln w_i and ln Σ w_i, summed chunk by chunk.

    `draw` gives the ln w_i of so many samples; `zeros` has one for each image.
    """
    xp = xp_of(zeros)
    sum_of_logs, log_of_sum = zeros, zeros - math.inf
    for start in range(0, samples, rows):
        count = min(rows, samples - start)
        log_weights = draw(samples=count).data.astype("float64")
        sum_of_logs = sum_of_logs + log_weights.sum(axis=0)
        log_of_sum = xp.logaddexp(
            log_of_sum, importance_weighted_bound(log_weights) + math.log(count)
        )
    return sum_of_logs / samples, log_of_sum - math.log(samples)
