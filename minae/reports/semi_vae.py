"""What the VAE of few labels shows: what it reads, its bound, and digits on request.

Its loss curves of test images are for given labels, those of training images mostly
for unknown ones. The figures of `measure` are for unknown labels.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from ..backend import Array, default_rng, to_numpy, xp_of
from ..data import Dataset, Split
from ..data.few_labels import UNKNOWN
from ..models import Classifier, SemiVAE
from ..models.cvae import one_hot
from ..training import evaluate, in_batches
from . import cvae, plots, vae
from .cvae import samples

__all__ = [
    "describe",
    "evidence",
    "figures",
    "measure",
    "reconstructions",
    "samples",
]

LOSSES = ("negative_elbo", "reconstruction", "kl", "misread")  # of the loss curves
UNIT = "nats per image"


def measure(
    model: SemiVAE, data: Dataset, seed: int, classifier: Classifier
) -> dict[str, Any]:
    """The test figures: labels are used to count what is read rightly, and not else.

    `classifier`, which reads the model's samples, was trained with all labels.
    """
    images, labels = data.test
    xp = xp_of(images)
    unlabelled = Split(images, xp.full(len(images), UNKNOWN))
    mean = evaluate(model, unlabelled, default_rng(seed, xp))
    counts = confusion(model, images, labels)
    return {
        "accuracy": float(np.trace(counts) / counts.sum()),
        "negative_elbo": mean["reconstruction"] + mean["kl"],
        "reconstruction": mean["reconstruction"],
        "kl": mean["kl"],
        "read_as_asked": cvae.read_as_asked(model, classifier, seed),
        "classifier_accuracy": evaluate(classifier, data.test, None)["accuracy"],
    }


def describe(metrics: dict[str, Any]) -> list[str]:
    _, drawn = cvae.describe(metrics)
    return [
        f"{metrics['accuracy']:.2%} of the test images are read rightly",
        f"negative ELBO {metrics['negative_elbo']:.2f} nats per image "
        f"= reconstruction {metrics['reconstruction']:.2f} + KL {metrics['kl']:.2f}, "
        "of code, style and label, on test images whose label it is not told",
        drawn,
    ]


def confusion(model: SemiVAE, images: Array, labels: Array) -> np.ndarray:
    """How many images of each label are read as each: (classes, classes)."""
    read = np.concatenate([to_numpy(y) for y in in_batches(model.read, images)])
    rows, columns = (one_hot(x, model.classes, int) for x in (to_numpy(labels), read))
    return rows.T @ columns


def evidence(
    model: SemiVAE, data: Dataset, seed: int, samples: int, progress: Callable
) -> list[str]:
    """The bounds on ln p(x), with the label summed over."""
    return vae.evidence(model, data, seed, samples, progress)


def figures(model: SemiVAE, data: Dataset, seed: int) -> dict[str, Figure]:
    images, labels = data.test
    counts = confusion(model, images, labels)
    title = f"{np.trace(counts) / counts.sum():.2%} of the test images are read rightly"
    names = cvae.names(model, data.classes)
    return {
        "reconstructions": reconstructions(model, images),
        "samples": samples(model, 100, seed),
        "styles": cvae.styles(model, seed, data.classes),
        "style_transfer": cvae.style_transfer(model, images, labels, data.classes),
        "accuracy": plots.confusion(counts, names, title),
    }


def reconstructions(
    model: SemiVAE, images: Array, count: int = 30, *, labels: Array | None = None
) -> Figure:
    """Decoded from the mean codes z1, which hold the label as well."""
    return vae.reconstructions(model, images, count)
