"""What a conditional VAE shows: its bound, samples that a classifier reads, and digits in one another's style."""

import numpy as np
from matplotlib.figure import Figure
from tqdm import tqdm

from .. import plots
from ..autograd import no_grad
from ..backend import Array, default_rng, standard_normal, to_numpy, xp_of
from ..data import Dataset, Split
from ..models import CVAE, Classifier
from ..tensor import Tensor
from ..training import evaluate, fit
from .vae import latent_space

SAMPLES = 1000  # how many the classifier reads
STYLES = 12  # columns of the picture of styles
SCHEDULE = ((1e-3, 6), (2e-4, 3))  # the classifier's learning rates, each with its epochs
LOSSES = ("reconstruction", "kl")  # what the loss curves show
UNIT = "nats per image"


def measure(model: CVAE, data: Dataset, seed: int) -> dict[str, float]:
    """The test figures, and what a classifier makes of samples: it is trained here, on the training split."""
    mean = evaluate(model, data.test, default_rng(seed, xp_of(data.test.images)))
    classifier = trained_classifier(data.train, seed)
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
        f"= reconstruction {metrics['reconstruction']:.2f} + KL {metrics['kl']:.2f}, the label given",
        f"of {SAMPLES:,} samples, {metrics['read_as_asked']:.1%} are read as the digit asked for, by a classifier "
        f"that is right on {metrics['classifier_accuracy']:.2%} of the test images",
    ]


def trained_classifier(train: Split, seed: int) -> Classifier:
    """A classifier of the training images, made in about 20 seconds on all of MNIST: nothing has to be kept."""
    xp, count = xp_of(train.images), len(train.images)
    classifier = Classifier(train.images.shape[1:], rng=seed)
    classifier.to("cpu" if xp is np else "cuda")
    optimizers = classifier.optimizers(lr=0)
    order, noise = np.random.default_rng(seed), default_rng(seed, xp)
    rngs = {"shuffle_rng": order, "noise_rng": noise}
    with tqdm(total=sum(epochs for _, epochs in SCHEDULE), disable=None, unit="epoch", desc="the classifier") as bar:
        for lr, epochs in SCHEDULE:
            optimizers[0].lr = lr
            for _ in fit(classifier, optimizers, train, epochs=epochs, batch_size=min(128, count), **rngs):
                bar.update()
    return classifier


@no_grad()
def read_as_asked(model: CVAE, classifier: Classifier, seed: int, count: int = SAMPLES) -> float:
    """The share of `count` samples, as many of each label, that the classifier gives the label asked for."""
    z = _prior(model, count, seed)
    labels = xp_of(z).arange(count) % model.classes
    logits = classifier(model.images(Tensor(z), labels))
    return (logits.data.argmax(axis=1) == labels).mean().item()


def figures(model: CVAE, data: Dataset, seed: int) -> dict[str, Figure]:
    images, labels = data.test
    return {
        "reconstructions": reconstructions(model, images, labels=labels),
        "samples": samples(model, 100, seed),
        "styles": styles(model, seed),
        "style_transfer": style_transfer(model, images, labels),
        "latent": codes_by_label(model, images, labels),
    }


@no_grad()
def reconstructions(model: CVAE, images: Array, count: int = 30, *, labels: Array) -> Figure:
    originals, labels = images[:count], labels[:count]
    decoded = model.reconstruct(Tensor(originals), labels).numpy()
    title = "Test images and reconstructions, their labels given"
    return plots.pairs(to_numpy(originals), decoded, ("original", "decoded"), title)


def samples(model: CVAE, count: int, seed: int, label: int | None = None) -> Figure:
    """All of one label, or as many of each, in order. Raises ValueError for a label that there is not."""
    labels = np.sort(np.arange(count) % model.classes) if label is None else np.full(count, label)
    z = _prior(model, count, seed)
    asked_for = "labels in order" if label is None else f"the label {label}"
    title = f"Decoded from {count} samples of the prior N(0, I) and {asked_for}"
    return plots.grid(_decode(model, z, xp_of(z).asarray(labels)), title)


def styles(model: CVAE, seed: int) -> Figure:
    """One row for each label, one code for each column."""
    images = _every_label(model, _prior(model, STYLES, seed))
    title = "One label in each row, one style z ~ N(0, I) in each column"
    return plots.table(images, range(model.classes), range(1, STYLES + 1), title, ("label", "style"))


@no_grad()
def style_transfer(model: CVAE, images: Array, labels: Array) -> Figure:
    """The first test image of each label, and its code decoded with every label."""
    present, first = np.unique(to_numpy(labels), return_index=True)
    mu, _ = model.encode(Tensor(images[first]), labels[first])
    decoded = _every_label(model, mu.data).swapaxes(0, 1)
    originals = to_numpy(images[first])[:, None]
    apart = np.ones_like(originals)  # an empty column between the originals and the others
    table = np.concatenate([originals, apart, decoded], axis=1)
    title = "The code of a test image, decoded with every label"
    return plots.table(table, present, ["original", "", *range(model.classes)], title, ("test image", "decoded as"))


@no_grad()
def codes_by_label(model: CVAE, images: Array, labels: Array) -> Figure:
    """The codes of all labels lie in one heap: the label is not in them, for the decoder knows it already."""
    mu, _ = model.encode(Tensor(images), labels)
    return latent_space(mu.numpy(), labels)


def _prior(model: CVAE, count: int, seed: int) -> Array:
    """Codes drawn from N(0, I): (count, latent)."""
    weights = model.parameters()[0].data
    return standard_normal(seed, like=xp_of(weights).empty((count, model.latent), dtype=weights.dtype))


@no_grad()
def _decode(model: CVAE, z: Array, labels: Array) -> np.ndarray:
    return model.images(Tensor(z), labels).numpy()


def _every_label(model: CVAE, z: Array) -> np.ndarray:
    """Each code with each label: (N, latent) -> (classes, N, C, H, W)."""
    xp = xp_of(z)
    return np.stack([_decode(model, z, xp.full(len(z), label)) for label in range(model.classes)])
