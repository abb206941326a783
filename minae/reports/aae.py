"""What an adversarial autoencoder shows: how near its codes come to the prior, and what the prior decodes to."""

import numpy as np
from matplotlib.figure import Figure
from tqdm import tqdm

from .. import plots
from ..autograd import no_grad
from ..backend import Array, default_rng, to_numpy, xp_of
from ..data import Dataset, Split
from ..energy import energy_distance
from ..models import AAE, Autoencoder
from ..training import evaluate, fit, in_batches

PLAIN_EPOCHS = 5  # of the plain autoencoder: from the second on, its energy distance hardly changes
LOSSES = ("reconstruction", "discriminator", "generator", "discriminator_accuracy")  # what the loss curves show
UNIT = "nats per image"


def measure(model: AAE, data: Dataset, seed: int) -> dict[str, float]:
    """The test figures, and the energy distances to the prior of the codes, of a plain autoencoder's, and of itself."""
    images = data.test.images
    mean = evaluate(model, data.test, default_rng(seed, xp_of(images)))
    plain = plain_autoencoder(model, data.train, seed)
    prior, again = (_prior(model, len(images), seed) for seed in (seed, seed + 1))
    return {
        "reconstruction": mean["reconstruction"],
        "discriminator_accuracy": mean["discriminator_accuracy"],
        "energy_distance": energy_distance(_codes(model, images), prior),
        "energy_distance_of_plain_autoencoder": energy_distance(_codes(plain, images), prior),
        "energy_distance_of_prior": energy_distance(again, prior),
    }


def describe(metrics: dict[str, float]) -> list[str]:
    return [
        f"reconstruction {metrics['reconstruction']:.2f} nats per image",
        f"energy distance between codes and prior {metrics['energy_distance']:.4f}; of a plain autoencoder's codes "
        f"{metrics['energy_distance_of_plain_autoencoder']:.4f}, of two samples of the prior "
        f"{metrics['energy_distance_of_prior']:.4f}",
        f"the discriminator judges {metrics['discriminator_accuracy']:.1%} of codes and prior samples rightly "
        "(chance: 50 %)",
    ]


class Plain(AAE):
    """The same encoder and decoder, trained by the reconstruction alone: one optimiser, one phase."""

    optimizers = Autoencoder.optimizers
    training_step = Autoencoder.training_step


def plain_autoencoder(model: AAE, train: Split, seed: int) -> Plain:
    """A plain autoencoder of the model's sizes, trained on the training images in about 30 seconds on all of MNIST."""
    xp, count = xp_of(train.images), len(train.images)
    plain = Plain(model.image_shape, model.hidden, model.latent, model.prior, rng=seed)
    plain.to("cpu" if xp is np else "cuda")
    rngs = {"shuffle_rng": np.random.default_rng(seed), "noise_rng": default_rng(seed, xp)}
    epochs = fit(plain, plain.optimizers(1e-3), train, epochs=PLAIN_EPOCHS, batch_size=min(128, count), **rngs)
    for _ in tqdm(epochs, total=PLAIN_EPOCHS, disable=None, unit="epoch", desc="a plain autoencoder"):
        pass
    return plain


def figures(model: AAE, data: Dataset, seed: int) -> dict[str, Figure]:
    images, labels = data.test
    return {
        "reconstructions": reconstructions(model, images),
        "samples": samples(model, 100, seed),
        "latent": latent_space(model, images, labels, seed),
    }


def reconstructions(model: AAE, images: Array, count: int = 30) -> Figure:
    originals = images[:count]
    decoded = np.concatenate([images.numpy() for images in in_batches(model.reconstruct, originals)])
    return plots.pairs(to_numpy(originals), decoded, ("original", "decoded"), "Test images and reconstructions")


@no_grad()
def samples(model: AAE, count: int, seed: int) -> Figure:
    decoded = model.images(model.sample_prior(count, seed)).numpy()
    return plots.grid(decoded, f"Decoded from {count} samples of the {model.prior} prior")


def latent_space(model: AAE, images: Array, labels: Array | None, seed: int) -> Figure:
    """The codes beside as many samples of the prior: in the first two dimensions, for all look alike to the prior."""
    labels = None if labels is None else to_numpy(labels)
    codes, prior = _codes(model, images), _prior(model, len(images), seed)
    axes = ("z[0]", "z[1]" if model.latent > 1 else "(spread by image number)")
    return plots.codes_beside_prior(_in_plane(codes), labels, _in_plane(prior), axes)


def _in_plane(points: np.ndarray) -> np.ndarray:
    """The first two coordinates; on a line, which has but one, points are spread by their number."""
    spread = np.linspace(-1, 1, len(points), dtype=points.dtype)[:, None]
    return np.hstack([points, spread])[:, :2]


def _codes(model: AAE, images: Array) -> np.ndarray:
    return np.concatenate([codes.numpy() for codes in in_batches(model.encode, images)])


@no_grad()
def _prior(model: AAE, count: int, seed: int) -> np.ndarray:
    return model.sample_prior(count, seed).numpy()
