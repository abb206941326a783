"""What a variational autoencoder shows: its bound, reconstructions, samples, and its latent space."""

import numpy as np
from matplotlib.figure import Figure

from .. import plots
from ..backend import Array, default_rng, standard_normal, to_numpy, xp_of
from ..data import Dataset
from ..models import VAE
from ..training import evaluate, in_batches

SIDE = 21  # images along each edge of the manifold
LOSSES = ("reconstruction", "kl")  # what the loss curves show
UNIT = "nats per image"


def measure(model: VAE, data: Dataset, seed: int) -> dict[str, float]:
    """The test figures. One seed, one set of samples, one answer."""
    mean = evaluate(model, data.test, default_rng(seed, xp_of(data.test.images)))
    return {
        "negative_elbo": mean["reconstruction"] + mean["kl"],
        "reconstruction": mean["reconstruction"],
        "kl": mean["kl"],
    }


def describe(metrics: dict[str, float]) -> list[str]:
    return [
        f"negative ELBO {metrics['negative_elbo']:.2f} nats per image "
        f"= reconstruction {metrics['reconstruction']:.2f} + KL {metrics['kl']:.2f}"
    ]


def figures(model: VAE, data: Dataset, seed: int) -> dict[str, Figure]:
    images, labels = data.test
    shown = {
        "reconstructions": reconstructions(model, images),
        "samples": samples(model, 100, seed),
        "latent": latent_space(model, images, labels),
    }
    if model.latent == 2:
        shown["manifold"] = manifold(model)
    return shown


def reconstructions(model: VAE, images: Array, count: int = 30) -> Figure:
    originals = images[:count]
    decoded = np.concatenate([decoded.numpy() for decoded in in_batches(model.reconstruct, originals)])
    return plots.pairs(to_numpy(originals), decoded, ("original", "decoded"), "Test images and reconstructions")


def samples(model: VAE, count: int, seed: int) -> Figure:
    weights = model.parameters()[0].data
    z = standard_normal(seed, like=xp_of(weights).empty((count, model.latent), dtype=weights.dtype))
    return plots.grid(_decode(model, z), f"Decoded from {count} samples of the prior N(0, I)")


def latent_space(model: VAE, images: Array, labels: Array | None) -> Figure:
    """The mean codes mu: both latents, or, of more than two, the two directions in which the codes vary most."""
    codes = np.concatenate([mu.numpy() for mu, _ in in_batches(model.encode, images)])
    labels = None if labels is None else to_numpy(labels)
    title = f"Mean codes mu of {len(codes):,} test images"
    if model.latent == 1:  # a line has no second direction: spread the points along it by their number
        spread = np.linspace(0, 1, len(codes), dtype=codes.dtype)[:, None]
        return plots.latent_scatter(np.hstack([codes, spread]), labels, title, ("mu", "(spread by image number)"))
    if model.latent == 2:
        return plots.latent_scatter(codes, labels, title, ("mu[0]", "mu[1]"))
    centred = codes - codes.mean(axis=0)
    _, _, directions = np.linalg.svd(centred, full_matrices=False)
    axes = ("first principal component of mu", "second principal component of mu")
    return plots.latent_scatter(centred @ directions[:2].T, labels, title, axes)


def manifold(model: VAE) -> Figure:
    weights = model.parameters()[0].data
    quantiles = plots.normal_quantiles(SIDE)
    z = np.stack(np.meshgrid(quantiles, quantiles), axis=-1).reshape(-1, 2).astype(weights.dtype)
    return plots.manifold(_decode(model, xp_of(weights).asarray(z)), "The 2-D manifold of digits")


def _decode(model: VAE, z: Array) -> np.ndarray:
    return np.concatenate([images.numpy() for images in in_batches(model.images, z)])
