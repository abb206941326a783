"""What a conditional VAE shows: its bound, its samples, and digits in many styles.

A classifier reads the samples: are they what was asked for?
"""

from collections.abc import Callable, Sequence

import numpy as np
from matplotlib.figure import Figure

from ..autograd import no_grad
from ..backend import Array, default_rng, standard_normal, to_numpy, xp_of
from ..data import Dataset
from ..models import CVAE, Classifier
from ..tensors import Tensor
from ..training import evaluate
from . import plots
from .vae import evidence as evidence_of
from .vae import latent_space

SAMPLES = 1000  # how many the classifier reads
STYLES = 12  # columns of the picture of styles
LOSSES = ("negative_elbo", "reconstruction", "kl")  # what the loss curves show
UNIT = "nats per image"


def measure(
    model: CVAE, data: Dataset, seed: int, classifier: Classifier
) -> dict[str, float]:
    """The test figures, and how a classifier reads the model's samples.

    The classifier was trained on the training split.
    """
    mean = evaluate(model, data.test, default_rng(seed, xp_of(data.test.images)))
    return {
        "negative_elbo": mean["reconstruction"] + mean["kl"],
        "reconstruction": mean["reconstruction"],
        "kl": mean["kl"],
        "read_as_asked": read_as_asked(model, classifier, seed),
        "classifier_accuracy": evaluate(classifier, data.test, None)["accuracy"],
    }


def describe(metrics: dict[str, float]) -> list[str]:
    return [
        f"negative ELBO {metrics['negative_elbo']:.2f} nats per image "
        f"= reconstruction {metrics['reconstruction']:.2f} + KL {metrics['kl']:.2f}, "
        "given the label",
        f"of {SAMPLES:,} samples, {metrics['read_as_asked']:.1%} are read as the label "
        "asked for, by a classifier that is right on "
        f"{metrics['classifier_accuracy']:.2%} of the test images",
    ]


def evidence(
    model: CVAE, data: Dataset, seed: int, samples: int, progress: Callable
) -> list[str]:
    """The bounds on ln p(x|y), of images given their labels."""
    return evidence_of(model, data, seed, samples, progress, "log p(x|y)")


@no_grad()
def read_as_asked(
    model: CVAE, classifier: Classifier, seed: int, count: int = SAMPLES
) -> float:
    """The share of `count` samples that the classifier reads as the label asked for.

    Each label is asked for equally often.
    """
    z = _prior(model, count, seed)
    labels = xp_of(z).arange(count) % model.classes
    logits = classifier(model.images(Tensor(z), labels))
    return (logits.data.argmax(axis=1) == labels).mean().item()


def figures(model: CVAE, data: Dataset, seed: int) -> dict[str, Figure]:
    images, labels = data.test
    return {
        "reconstructions": reconstructions(model, images, labels=labels),
        "samples": samples(model, 100, seed),
        "styles": styles(model, seed, data.classes),
        "style_transfer": style_transfer(model, images, labels, data.classes),
        "latent": codes_by_label(model, images, labels, data.classes),
    }


@no_grad()
def reconstructions(
    model: CVAE, images: Array, count: int = 30, *, labels: Array
) -> Figure:
    originals, labels = images[:count], labels[:count]
    decoded = model.reconstruct(Tensor(originals), labels).numpy()
    title = "Test images and reconstructions, given their labels"
    return plots.pairs(to_numpy(originals), decoded, ("original", "decoded"), title)


def samples(model: CVAE, count: int, seed: int, label: int | None = None) -> Figure:
    """A picture of samples: all of one label, or a column of each label.

    Raises ValueError for a label that does not exist.
    """
    z = _prior(model, count, seed)
    title = f"Decoded from {plots.counted(count, 'sample')} of the prior N(0, I)"
    if label is not None:
        labels = np.full(count, label)
        images = _decode(model, z, xp_of(z).asarray(labels))
        return plots.grid(images, f"{title} and the label {label}")
    labels = np.arange(count) % model.classes
    images = _decode(model, z, xp_of(z).asarray(labels))
    return plots.grid(images, f"{title}, by label", model.classes, range(model.classes))


def styles(model: CVAE, seed: int, classes: Sequence[str] | None = None) -> Figure:
    """A table of images with one label in each row and one code in each column."""
    images = _every_label(model, _prior(model, STYLES, seed))
    title = "One label in each row, one style z ~ N(0, I) in each column"
    return plots.table(
        images,
        _names(model, classes),
        range(1, STYLES + 1),
        title,
        ("label", "style"),
    )


@no_grad()
def style_transfer(
    model: CVAE, images: Array, labels: Array, classes: Sequence[str] | None = None
) -> Figure:
    """The first test image of each label, and its code decoded with every label."""
    present, first = np.unique(to_numpy(labels), return_index=True)
    mu, _ = model.encode(Tensor(images[first]), labels[first])
    decoded = _every_label(model, mu.data).swapaxes(0, 1)
    originals = to_numpy(images[first])[:, None]
    gap = np.ones_like(originals)  # an empty column after the originals
    table = np.concatenate([originals, gap, decoded], axis=1)
    title = "The code of a test image, decoded with every label"
    names = _names(model, classes)
    return plots.table(
        table,
        [names[label] for label in present],
        ["original", "", *names],
        title,
        ("test image", "decoded as"),
    )


@no_grad()
def codes_by_label(
    model: CVAE, images: Array, labels: Array, classes: Sequence[str] | None = None
) -> Figure:
    """The codes of all labels, coloured by label: they lie in one heap.

    The label is not in them, because the decoder knows it already.
    """
    mu, _ = model.encode(Tensor(images), labels)
    return latent_space(mu.numpy(), labels, classes)


def _names(model: CVAE, classes: Sequence[str] | None) -> Sequence[str]:
    """The names of the classes, or their numbers where there are no others."""
    if classes is None or len(classes) != model.classes:
        return [str(label) for label in range(model.classes)]
    return classes


def _prior(model: CVAE, count: int, seed: int) -> Array:
    """Codes drawn from N(0, I): (count, latent)."""
    weights = model.parameters()[0].data
    return standard_normal(
        seed, like=xp_of(weights).empty((count, model.latent), dtype=weights.dtype)
    )


@no_grad()
def _decode(model: CVAE, z: Array, labels: Array) -> np.ndarray:
    return model.images(Tensor(z), labels).numpy()


def _every_label(model: CVAE, z: Array) -> np.ndarray:
    """Each code with each label: (N, latent) -> (classes, N, C, H, W)."""
    xp = xp_of(z)
    return np.stack(
        [_decode(model, z, xp.full(len(z), label)) for label in range(model.classes)]
    )
