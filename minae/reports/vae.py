"""What a variational autoencoder shows: its bound, its images, and its latent space."""

import math
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from .. import functional as F
from ..autograd import no_grad
from ..backend import Array, default_rng, standard_normal, to_numpy, xp_of
from ..data import Dataset
from ..measures.evidence import BINARISATION_SEED, binarise, evidence_bounds
from ..measures.pca import PCA
from ..models import SemiVAE
from ..models.likelihoods import Bernoulli, LearnedGaussian
from ..models.vae import VariationalAutoencoder
from ..tensors import Tensor
from ..training import evaluate, in_batches
from . import plots

SIDE = 21  # images along each edge of the manifold
STEPS = 10  # images in an interpolation, from one image to the other
# A latent counts as used if the variance of mu over the images is above this.
ACTIVE = 0.01
LOSSES = ("negative_elbo", "reconstruction", "kl")  # what the loss curves show
UNIT = "nats per image"


def measure(model: VariationalAutoencoder, data: Dataset, seed: int) -> dict[str, Any]:
    """The test figures. The same seed always gives the same samples and figures."""
    images = data.test.images
    mean = evaluate(model, data.test, default_rng(seed, xp_of(images)))
    mu, log_var = _posteriors(model, images)
    metrics = {
        "negative_elbo": mean["reconstruction"] + mean["kl"],
        "reconstruction": mean["reconstruction"],
        "kl": mean["kl"],
        "kl_per_latent": kl_per_latent(mu, log_var).tolist(),
        "active_units": int(active_units(mu).sum()),
    }
    if isinstance(model.likelihood, LearnedGaussian):
        metrics["pixel_variance"] = math.exp(model.likelihood.log_var.item())
    return metrics


def describe(metrics: dict[str, Any]) -> list[str]:
    line = (
        f"negative ELBO {metrics['negative_elbo']:.2f} nats per image "
        f"= reconstruction {metrics['reconstruction']:.2f} + KL {metrics['kl']:.2f}"
    )
    latents = len(metrics["kl_per_latent"])
    line += f"; {metrics['active_units']} of {latents} latents active"
    if "pixel_variance" in metrics:
        line += f"; pixel variance {metrics['pixel_variance']:.4f}"
    return [line]


def details(metrics: dict[str, Any]) -> list[str]:
    kl = " ".join(f"{nats:.2f}" for nats in metrics["kl_per_latent"])
    return [
        f"KL of each latent, in nats: {kl} "
        f"(active: the variance of mu over the images is above {ACTIVE})"
    ]


def evidence(
    model: Any,
    data: Dataset,
    seed: int,
    samples: int,
    progress: Callable,
    bounded: str = "log p(x)",
) -> list[str]:
    """The importance-weighted bound on ln p(x), and the ELBO by the same samples.

    Both are for the same images. A Bernoulli likelihood is a probability of black and
    white images only, so the images are binarised for it.
    """
    images, labels = data.test
    images_are = "as they are: densities of grey values"
    if isinstance(model.likelihood, Bernoulli):
        images = binarise(images)
        images_are = (
            "binarised: each pixel is 1 with the probability of its grey value "
            f"(seed {BINARISATION_SEED})"
        )
    rng = default_rng(seed, xp_of(images))
    options: dict[str, Any] = {"progress": progress, "labels": labels}
    bounds = evidence_bounds(model, images, samples, rng, **options)
    return evidence_lines(bounds, bounded, samples, "image", f"images, {images_are}")


def evidence_lines(
    bounds: tuple[Array, Array], bounded: str, samples: int, example: str, tested: str
) -> list[str]:
    """Both bounds of `evidence_bounds` with their errors, as lines to print."""
    elbo, bound = (
        with_error(values.mean(), standard_error(values))
        for values in map(to_numpy, bounds)
    )
    return [
        f"{bounded} >= {bound} "
        f"(importance-weighted bound, {samples:,} samples per {example})",
        f"{bounded} >= {elbo} (ELBO, by the same samples)",
        f"both in nats per {example}, ± one standard error "
        f"over {len(bounds[0]):,} {tested}",
    ]


def kl_per_latent(mu: np.ndarray, log_var: np.ndarray) -> np.ndarray:
    """KL(q(z_j|x) || N(0, 1)) of each latent j, in nats, averaged over the images.

    Shapes: mu and log_var (N, latent) -> (latent,).
    """
    with no_grad():
        return F.gaussian_kl(Tensor(mu.T), Tensor(log_var.T)).numpy() / len(mu)


def active_units(mu: np.ndarray) -> np.ndarray:
    """Which latents are used, by the variance of mu = E_q[z] over the images.

    Shapes: mu (N, latent) -> booleans (latent,).
    Source: Burda, Grosse & Salakhutdinov 2016, "Importance Weighted Autoencoders",
    section 5.2.
    """
    return mu.var(axis=0) > ACTIVE


def figures(
    model: VariationalAutoencoder, data: Dataset, seed: int
) -> dict[str, Figure]:
    images, labels = data.test
    mu, log_var = _posteriors(model, images)
    shown = {
        "reconstructions": reconstructions(model, images),
        "samples": samples(model, 100, seed),
        "latent": latent_space(mu, labels, data.classes),
        "kl_per_latent": plots.kl_per_latent(
            kl_per_latent(mu, log_var), active_units(mu)
        ),
    }
    if len(images) > 1:
        shown["interpolation"] = interpolation(model, images)
    if model.latent == 2:
        shown["manifold"] = manifold(model)
    return shown


def reconstructions(
    model: VariationalAutoencoder | SemiVAE, images: Array, count: int = 30
) -> Figure:
    originals = images[:count]
    decoded = _join(in_batches(model.reconstruct, originals))
    return plots.pairs(
        to_numpy(originals),
        decoded,
        ("original", "decoded"),
        "Test images and reconstructions",
    )


def samples(model: VariationalAutoencoder, count: int, seed: int) -> Figure:
    weights = model.parameters()[0].data
    z = standard_normal(
        seed, like=xp_of(weights).empty((count, model.latent), dtype=weights.dtype)
    )
    return plots.grid(
        _decode(model, z),
        f"Decoded from {plots.counted(count, 'sample')} of the prior N(0, I)",
    )


def latent_space(
    codes: np.ndarray, labels: Array | None, classes: Sequence[str] | None = None
) -> Figure:
    """The mean codes mu in a plane.

    Of more than two latents, the plane is that of the two directions in which the codes
    vary most.
    """
    labels = None if labels is None else to_numpy(labels)
    title = f"Mean codes mu of {plots.counted(len(codes), 'test image')}"
    if codes.shape[1] <= 2:
        return plots.latent_scatter(codes, labels, title, ("mu[0]", "mu[1]"), classes)
    axes = ("first principal component of mu", "second principal component of mu")
    points = PCA.fit(codes, 2).encode(codes)
    return plots.latent_scatter(points, labels, title, axes, classes)


def manifold(model: VariationalAutoencoder) -> Figure:
    weights = model.parameters()[0].data
    quantiles = plots.normal_quantiles(SIDE)
    grid = np.stack(np.meshgrid(quantiles, quantiles), axis=-1)
    z = grid.reshape(-1, 2).astype(weights.dtype)
    return plots.manifold(
        _decode(model, xp_of(weights).asarray(z)),
        "The 2-D manifold: what each code decodes to",
    )


def interpolation(
    model: VariationalAutoencoder, images: Array, count: int = 4
) -> Figure:
    """From one image to another, in equal steps of the code.

    Below, the same in equal steps of the pixels.
    """
    count = min(count, len(images) // 2)
    mu, _ = _posteriors(model, images[: 2 * count])
    pixels = to_numpy(images[: 2 * count])
    codes = xp_of(images).asarray(_between(mu).astype(pixels.dtype))
    labels = (
        "between codes\n(ends: reconstructions)",
        "between pixels\n(ends: originals)",
    )
    title = (
        "From one test image to another: decoded from between their codes, "
        "and the pixels' own average"
    )
    return plots.pairs(
        _decode(model, codes), _between(pixels), labels, title, columns=STEPS
    )


def _between(ends: np.ndarray) -> np.ndarray:
    """STEPS points on the straight line from the first to the second of each pair.

    The pairs are first and second, third and fourth, and so on.
    """
    weights = np.linspace(0, 1, STEPS, dtype=ends.dtype)
    weights = weights.reshape(STEPS, *[1] * (ends.ndim - 1))  # to broadcast to images
    return np.concatenate(
        [
            (1 - weights) * first + weights * second
            for first, second in zip(ends[::2], ends[1::2])
        ]
    )


def _posteriors(
    model: VariationalAutoencoder, images: Array
) -> tuple[np.ndarray, np.ndarray]:
    """mu and log_var of all images, each (N, latent), in float64 for summing them."""
    mu, log_var = zip(*in_batches(model.encode, images))
    return _join(mu).astype(np.float64), _join(log_var).astype(np.float64)


def standard_error(values: np.ndarray) -> float | None:
    """Of their mean, by their spread; None for a single one, which shows no spread."""
    if len(values) < 2:
        return None
    return values.std(ddof=1).item() / math.sqrt(len(values))


def with_error(mean: float, error: float | None) -> str:
    return f"{mean:.2f} ± " + ("unknown" if error is None else f"{error:.2f}")


def _decode(model: VariationalAutoencoder, z: Array) -> np.ndarray:
    return _join(in_batches(model.images, z))


def _join(parts: Iterable[Tensor]) -> np.ndarray:
    return np.concatenate([part.numpy() for part in parts])
