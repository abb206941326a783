"""What an adversarial autoencoder shows: how close its codes come to the prior.

It also shows what samples of the prior decode to.
"""

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure

from ..autograd import no_grad
from ..backend import Array, default_rng, to_numpy, xp_of
from ..data import Dataset
from ..measures.energy import energy_distance
from ..models import AAE
from ..training import evaluate, in_batches
from . import plots

# What the loss curves show.
LOSSES = ("reconstruction", "discriminator", "generator", "discriminator_accuracy")
UNIT = "nats per image"


def measure(model: AAE, data: Dataset, seed: int, plain: AAE) -> dict[str, float]:
    """The test figures, and how far three sets of points are from the prior.

    They are the model's codes, a plain autoencoder's codes, and other samples of the
    prior. The distance is the energy distance.
    """
    images = data.test.images
    mean = evaluate(model, data.test, default_rng(seed, xp_of(images)))
    prior = _prior(model, len(images), seed)
    again = _prior(model, len(images), seed + 1)
    return {
        "reconstruction": mean["reconstruction"],
        "discriminator_accuracy": mean["discriminator_accuracy"],
        "energy_distance": energy_distance(_codes(model, images), prior),
        "energy_distance_of_plain_autoencoder": energy_distance(
            _codes(plain, images), prior
        ),
        "energy_distance_of_prior": energy_distance(again, prior),
    }


def describe(metrics: dict[str, float]) -> list[str]:
    return [
        f"reconstruction {metrics['reconstruction']:.2f} nats per image",
        f"energy distance between codes and prior {metrics['energy_distance']:.4f}; "
        "for a plain autoencoder's codes "
        f"{metrics['energy_distance_of_plain_autoencoder']:.4f}, "
        f"for two samples of the prior {metrics['energy_distance_of_prior']:.4f}",
        f"the discriminator judges {metrics['discriminator_accuracy']:.1%} "
        "of codes and prior samples correctly (chance: 50 %)",
    ]


def figures(model: AAE, data: Dataset, seed: int) -> dict[str, Figure]:
    images, labels = data.test
    return {
        "reconstructions": reconstructions(model, images),
        "samples": samples(model, 100, seed),
        "latent": latent_space(model, images, labels, seed, data.classes),
    }


def reconstructions(model: AAE, images: Array, count: int = 30) -> Figure:
    originals = images[:count]
    decoded = np.concatenate(
        [images.numpy() for images in in_batches(model.reconstruct, originals)]
    )
    return plots.pairs(
        to_numpy(originals),
        decoded,
        ("original", "decoded"),
        "Test images and reconstructions",
    )


@no_grad()
def samples(model: AAE, count: int, seed: int) -> Figure:
    decoded = model.images(model.sample_prior(count, seed)).numpy()
    return plots.grid(
        decoded,
        f"Decoded from {plots.counted(count, 'sample')} of the {model.prior} prior",
    )


def latent_space(
    model: AAE,
    images: Array,
    labels: Array | None,
    seed: int,
    classes: Sequence[str] | None = None,
) -> Figure:
    """The codes beside as many samples of the prior, in their first two dimensions.

    Any two dimensions would do, because the prior looks the same in all of them.
    """
    labels = None if labels is None else to_numpy(labels)
    codes, prior = _codes(model, images), _prior(model, len(images), seed)
    return plots.codes_beside_prior(
        codes[:, :2], labels, prior[:, :2], ("z[0]", "z[1]"), classes
    )


def _codes(model: AAE, images: Array) -> np.ndarray:
    return np.concatenate([codes.numpy() for codes in in_batches(model.encode, images)])


@no_grad()
def _prior(model: AAE, count: int, seed: int) -> np.ndarray:
    return model.sample_prior(count, seed).numpy()
