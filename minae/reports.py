"""What a run is asked for after training: its test figures, and the figures to look at."""

from typing import Any

import numpy as np
from matplotlib.figure import Figure

from . import plots
from .backend import Array, default_rng, standard_normal, to_numpy, xp_of
from .models import VAE
from .training import evaluate, in_batches

SIDE = 21  # images along each edge of the manifold


def measure(model: Any, images: Array, seed: int) -> dict[str, float]:
    """The model's figures on test images, in nats per image. One seed, one set of samples, one answer."""
    mean = evaluate(model, images, default_rng(seed, xp_of(images)))
    return {
        "negative_elbo": mean["reconstruction"] + mean["kl"],
        "reconstruction": mean["reconstruction"],
        "kl": mean["kl"],
    }


def figures(model: VAE, images: Array, labels: np.ndarray | None, seed: int) -> dict[str, Figure]:
    """What a VAE shows: reconstructions, samples, the latent space, and with two latents the manifold."""
    shown = {
        "reconstructions": reconstructions(model, images),
        "samples": samples(model, 100, seed, like=images),
        "latent": latent_space(model, images, labels),
    }
    if model.latent == 2:
        shown["manifold"] = manifold(model, like=images)
    return shown


def reconstructions(model: VAE, images: Array, count: int = 30) -> Figure:
    originals = images[:count]
    (decoded,) = in_batches(model.reconstruct, originals, count)
    return plots.pairs(to_numpy(originals), decoded.numpy(), ("original", "decoded"), "Test images and reconstructions")


def samples(model: VAE, count: int, seed: int, like: Array) -> Figure:
    z = standard_normal(seed, like=xp_of(like).empty((count, model.latent), dtype=like.dtype))
    return plots.grid(_decode(model, z), f"Decoded from {count} samples of the prior N(0, I)")


def latent_space(model: VAE, images: Array, labels: np.ndarray | None) -> Figure:
    """The mean codes mu: both latents, or, of more than two, the two directions in which the codes vary most."""
    codes = np.concatenate([mu.numpy() for mu, _ in in_batches(model.encode, images)])
    title = f"Mean codes mu of {len(codes):,} test images"
    if model.latent == 2:
        return plots.latent_scatter(codes, labels, title, ("mu[0]", "mu[1]"))
    centred = codes - codes.mean(axis=0)
    _, _, directions = np.linalg.svd(centred, full_matrices=False)
    axes = ("first principal component of mu", "second principal component of mu")
    projected = centred @ directions[:2].T
    if model.latent == 1:  # a line has no second direction: spread the points along it by their number
        projected, axes = np.column_stack([codes[:, 0], np.linspace(-1, 1, len(codes))]), ("mu", "")
    return plots.latent_scatter(projected, labels, title, axes)


def manifold(model: VAE, like: Array) -> Figure:
    quantiles = plots.normal_quantiles(SIDE)
    z = np.stack(np.meshgrid(quantiles, quantiles), axis=-1).reshape(-1, 2).astype(like.dtype)
    return plots.manifold(_decode(model, xp_of(like).asarray(z)), "The 2-D manifold of digits")


def _decode(model: VAE, z: Array) -> np.ndarray:
    return np.concatenate([images.numpy() for images in in_batches(model.images, z)])
