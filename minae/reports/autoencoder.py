"""What the dense autoencoder shows: its reconstructions beside PCA's.

PCA is given as many numbers per image. Codes of two numbers are drawn as well.
"""

from functools import lru_cache

import numpy as np
from matplotlib.figure import Figure

from ..backend import Array, to_numpy
from ..data import Dataset
from ..measures.pca import PCA
from ..models import AE
from ..training import evaluate, in_batches
from . import plots

LOSSES = ("reconstruction",)  # what the loss curves show
UNIT = "squared error per image, summed over pixels"


def measure(model: AE, data: Dataset, seed: int) -> dict[str, float | None]:
    """The test figures, and those of PCA fitted to the training images."""
    error = evaluate(model, data.test, seed)["reconstruction"]
    pca = principal_components(model, data)
    linear = pca.squared_error(to_numpy(data.test.images))
    few = len(data.train.images) - pca.images
    return {
        **({"pca_images": pca.images} if few else {}),
        "reconstruction": error,
        "pca_reconstruction": linear,
        "pca_size": len(pca.components),
        "ratio_to_pca": error / linear if linear > 0 else None,
    }


def describe(metrics: dict[str, float]) -> list[str]:
    few = metrics.get("pca_images")
    of_few = f" (of {few:,} training images to bound the time)" if few else ""
    lines = [
        f"squared error {metrics['reconstruction']:.3f} per image, summed over pixels; "
        f"PCA with as many numbers, {metrics['pca_size']}{of_few}: "
        f"{metrics['pca_reconstruction']:.3f}"
    ]
    if metrics["ratio_to_pca"] is not None:
        lines.append(
            f"the autoencoder's error is {metrics['ratio_to_pca']:.3f} of PCA's"
        )
    return lines


def figures(model: AE, data: Dataset, seed: int) -> dict[str, Figure]:
    images, labels = data.test
    pca = principal_components(model, data)
    shown = {
        "reconstructions": reconstructions(model, images),
        "beside_pca": beside_pca(model, pca, images),
    }
    if model.latent == 2:
        labels = None if labels is None else to_numpy(labels)
        title = f"Codes of {plots.counted(len(images), 'test image')}"
        shown["codes"] = plots.latent_scatter(
            encode(model, images), labels, title, ("z[0]", "z[1]"), data.classes
        )
        codes = pca.encode(to_numpy(images))
        axes = ("first principal component", "second principal component")
        shown["pca_codes"] = plots.latent_scatter(
            codes, labels, f"{title}, by PCA, for comparison", axes, data.classes
        )
    return shown


def reconstructions(model: AE, images: Array, count: int = 30) -> Figure:
    originals = images[:count]
    labels = ("original", "decoded")
    return plots.pairs(
        to_numpy(originals),
        decode(model, originals),
        labels,
        "Test images and reconstructions",
    )


def beside_pca(model: AE, pca: PCA, images: Array, count: int = 20) -> Figure:
    originals = to_numpy(images[:count])
    named = {
        "original": originals,
        "autoencoder": decode(model, images[:count]),
        "PCA": pca.reconstruct(originals),
    }
    return plots.versions(named, f"Test images through codes of {model.latent} numbers")


@lru_cache(maxsize=1)  # what is measured is drawn, too
def principal_components(model: AE, data: Dataset) -> PCA:
    """PCA with as many components as the model's code has numbers.

    There are fewer if the images have fewer pixels than that.
    """
    images = to_numpy(data.train.images)
    return PCA.fit(images, min(model.latent, images[0].size))


def encode(model: AE, images: Array) -> np.ndarray:
    return np.concatenate([codes.numpy() for codes in in_batches(model.encode, images)])


def decode(model: AE, images: Array) -> np.ndarray:
    return np.concatenate(
        [decoded.numpy() for decoded in in_batches(model.reconstruct, images)]
    )
