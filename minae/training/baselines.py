"""Networks that are trained only to measure another one."""

from typing import Any

import numpy as np

from ..backend import default_rng, xp_of
from ..data import Dataset, Split
from ..models import AAE, Autoencoder, Classifier, Model
from .loop import train_epochs
from .progress import no_terminal

PLAIN_EPOCHS = 5  # from the second on, a plain autoencoder's codes hardly move
SCHEDULE = ((1e-3, 6), (2e-4, 3))  # the classifier's learning rates, with their epochs


def baselines(name: str, model: Any, data: Dataset, seed: int) -> dict[str, Model]:
    """What the report on a model of this name needs, as arguments of `measure`."""
    if name == "aae":
        return {"plain": plain_autoencoder(model, data.train, seed)}
    if name == "cvae":
        return {"classifier": trained_classifier(data.train, seed, model.classes)}
    return {}


class Plain(AAE):
    """An AAE's encoder and decoder, trained by the reconstruction alone."""

    optimizers = Autoencoder.optimizers
    training_step = Autoencoder.training_step


def plain_autoencoder(model: AAE, train: Split, seed: int) -> Plain:
    """A plain autoencoder of the model's sizes: about 30 seconds on all of MNIST."""
    plain = Plain(model.image_shape, model.hidden, model.latent, model.prior, rng=seed)
    _train(plain, ((1e-3, PLAIN_EPOCHS),), train, seed, "a plain autoencoder")
    return plain


def trained_classifier(train: Split, seed: int, classes: int = 10) -> Classifier:
    """A classifier of the training images: about 20 seconds on all of MNIST."""
    classifier = Classifier(train.images.shape[1:], classes=classes, rng=seed)
    _train(classifier, SCHEDULE, train, seed, "the classifier")
    return classifier


def _train(
    model: Model,
    schedule: tuple[tuple[float, int], ...],
    train: Split,
    seed: int,
    name: str,
) -> None:
    """Train for the epochs of a schedule, one learning rate after the other."""
    from tqdm import tqdm

    xp, count = xp_of(train.images), len(train.images)
    model.to("cpu" if xp is np else "cuda")
    optimizers = model.optimizers(schedule[0][0])
    order, noise = np.random.default_rng(seed), default_rng(seed, xp)
    rngs = {"shuffle_rng": order, "noise_rng": noise}
    options: dict[str, Any] = {"batch_size": min(128, count), **rngs}
    total = sum(epochs for _, epochs in schedule)
    with tqdm(total=total, disable=no_terminal(), unit="epoch", desc=name) as bar:
        for lr, epochs in schedule:
            for optimizer in optimizers:
                optimizer.lr = lr
            for _ in train_epochs(model, optimizers, train, epochs=epochs, **options):
                bar.update()
