"""What the convolutional autoencoder shows: reconstructions, and images of other codes.

The other codes lie near those of images, or between them.
"""

import math

import numpy as np
from matplotlib.figure import Figure

from ..backend import Array, to_numpy, xp_of
from ..data import Dataset
from ..measures.pca import PCA
from ..models import ConvAE
from ..training import evaluate, in_batches
from . import plots

LOSSES = ("reconstruction",)  # what the loss curves show
UNIT = "binary cross-entropy, nats per image"
# How much noise is added to a code, in standard deviations of its numbers.
LEVELS = (0.25, 0.5, 1.0, 2.0)


def measure(model: ConvAE, data: Dataset, seed: int) -> dict[str, float]:
    """The test figures: cross-entropy and its limits, squared error and PCA's."""
    train, test = to_numpy(data.train.images), to_numpy(data.test.images)
    difference = reconstruct(model, data.test.images) - test
    pca = PCA.fit(train, min(code_size(model), train[0].size))
    few = len(train) - pca.images
    return {
        **({"pca_images": pca.images} if few else {}),
        "reconstruction": evaluate(model, data.test, seed)["reconstruction"],
        "mean_image_reconstruction": cross_entropy(train.mean(axis=0), test),
        "perfect_reconstruction": cross_entropy(test, test),
        "squared_error": float(np.vdot(difference, difference)) / len(test),
        "pca_squared_error": pca.squared_error(test),
        "code_size": code_size(model),
        "weights": sum(parameter.data.size for parameter in model.parameters()),
        "pca_weights": pca.mean.size + pca.components.size,
    }


def describe(metrics: dict[str, float]) -> list[str]:
    few = metrics.get("pca_images")
    of_few = f" (of {few:,} training images to bound the time)" if few else ""
    return [
        f"binary cross-entropy {metrics['reconstruction']:.2f} nats per image; "
        f"the mean image's {metrics['mean_image_reconstruction']:.2f}, "
        f"a perfect copy's {metrics['perfect_reconstruction']:.2f} "
        "(grey pixels cost their entropy)",
        f"squared error {metrics['squared_error']:.2f} per image, summed over pixels, "
        f"with {metrics['weights']:,} weights; "
        f"PCA with as many numbers in its code, {metrics['code_size']}{of_few}: "
        f"{metrics['pca_squared_error']:.2f}, with {metrics['pca_weights']:,}",
    ]


def figures(model: ConvAE, data: Dataset, seed: int) -> dict[str, Figure]:
    images, labels = data.test
    return {
        "reconstructions": reconstructions(model, images),
        "noisy_codes": noisy_codes(model, images, one_of_each(images, labels), seed),
        "random_codes": random_codes(model, images, seed),
    }


def reconstructions(model: ConvAE, images: Array, count: int = 30) -> Figure:
    originals = images[:count]
    labels = ("original", "decoded")
    return plots.pairs(
        to_numpy(originals),
        reconstruct(model, originals),
        labels,
        "Test images and reconstructions",
    )


def noisy_codes(model: ConvAE, images: Array, chosen: np.ndarray, seed: int) -> Figure:
    """The chosen images, decoded after adding noise to their codes.

    The noise is N(0, (level · std)²), where std is that of each number of the code.
    """
    codes, rng = encode(model, images), np.random.default_rng(seed)
    clean = codes[chosen]
    noise = rng.standard_normal(clean.shape, dtype=codes.dtype) * codes.std(axis=0)
    named = {
        "original": to_numpy(images)[chosen],
        "no noise": decode(model, clean),
    }
    for level in LEVELS:
        noisy = clean + np.float32(level) * noise
        named[f"noise {level:g} std"] = decode(model, noisy)
    title = (
        "Decoded with noise added to the code "
        "(std: that of each number of the code, over the test images)"
    )
    return plots.versions(named, title)


def random_codes(model: ConvAE, images: Array, seed: int, count: int = 100) -> Figure:
    """Codes whose every number comes from the code of a different random image.

    Each number is likely by itself, but all of them together are not.
    """
    size = code_size(model)
    codes = encode(model, images).reshape(len(images), size)
    donors = np.random.default_rng(seed).integers(len(codes), size=(count, size))
    mixed = codes[donors, np.arange(size)].reshape(count, *model.code_shape)
    title = (
        f"Decoded from random codes: each of the {size} numbers "
        "is from the code of a test image drawn at random"
    )
    return plots.grid(decode(model, mixed), title)


def one_of_each(images: Array, labels: Array | None) -> np.ndarray:
    """The place of the first image of each class; without labels, of ten images."""
    if labels is None:
        return np.arange(min(10, len(images)))
    return np.unique(to_numpy(labels), return_index=True)[1]


def code_size(model: ConvAE) -> int:
    return math.prod(model.code_shape)


def encode(model: ConvAE, images: Array) -> np.ndarray:
    return np.concatenate([codes.numpy() for codes in in_batches(model.encode, images)])


def decode(model: ConvAE, codes: np.ndarray) -> np.ndarray:
    on_device = xp_of(model.parameters()[0].data).asarray(codes)
    return np.concatenate(
        [images.numpy() for images in in_batches(model.images, on_device)]
    )


def reconstruct(model: ConvAE, images: Array) -> np.ndarray:
    return np.concatenate(
        [decoded.numpy() for decoded in in_batches(model.reconstruct, images)]
    )


def cross_entropy(p: np.ndarray, images: np.ndarray) -> float:
    """-Σ x ln p + (1 - x) ln(1 - p) over pixels, averaged over images.

    p is kept away from 0 and 1, where this would be ∞.
    """
    p = p.astype(np.float64).clip(1e-6, 1 - 1e-6)
    total = -(images * np.log(p) + (1 - images) * np.log(1 - p)).sum()
    return float(total) / len(images)
