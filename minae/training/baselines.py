"""Networks that are trained only to measure another one."""

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from ..backend import default_rng, xp_of
from ..data import Split
from ..models import AAE, Autoencoder, Classifier, Model, MusicVAE
from ..models.music_vae import DenseMusicVAE
from .estimate import forecast_of
from .loop import train_epochs
from .progress import no_terminal

PLAIN_EPOCHS = 5  # from the second on, a plain autoencoder's codes hardly move
SCHEDULE = ((1e-3, 6), (2e-4, 3))  # the classifier's learning rates, with their epochs


def baselines(
    name: str, model: Any, data: Any, config: Mapping[str, Any], told: bool = False
) -> dict[str, Model]:
    """What the report on a model of this name needs, as arguments of `measure`.

    `config` says how the model itself was trained. If `told`, it is announced how long
    training the others takes.
    """
    seed = config["seed"]
    train = data.train
    if name == "aae":
        return {"plain": plain_autoencoder(model, train, seed, told)}
    if name in ("cvae", "semi-vae"):
        return {"classifier": trained_classifier(train, seed, model.classes, told)}
    if name == "music-vae":
        return {"dense": dense_music_vae(model, train, config, told)}
    return {}


class Plain(AAE):
    """An AAE's encoder and decoder, trained by the reconstruction alone."""

    optimizers = Autoencoder.optimizers
    training_step = Autoencoder.training_step


def plain_autoencoder(model: AAE, train: Split, seed: int, told: bool = False) -> Plain:
    """A plain autoencoder of the model's sizes: for PLAIN_EPOCHS epochs."""
    plain = Plain(model.image_shape, model.hidden, model.latent, model.prior, rng=seed)
    schedule = ((1e-3, PLAIN_EPOCHS),)
    _train(plain, schedule, train, seed, "a plain autoencoder", told)
    return plain


def trained_classifier(
    train: Split, seed: int, classes: int = 10, told: bool = False
) -> Classifier:
    """A classifier of the training images, by SCHEDULE."""
    classifier = Classifier(train.images.shape[1:], classes=classes, rng=seed)
    _train(classifier, SCHEDULE, train, seed, "the classifier", told)
    return classifier


def dense_music_vae(
    model: MusicVAE, train: Any, config: Mapping[str, Any], told: bool = False
) -> DenseMusicVAE:
    """A dense VAE of melodies, trained as long and in the same way as the model."""
    seed, schedule = config["seed"], ((config["lr"], config["epochs"]),)
    dense = DenseMusicVAE(
        model.bars,
        latent=model.latent,
        beta=model.beta,
        free_bits=model.free_bits,
        warm_up=model.warm_up,
        transpose=model.transpose,
        rng=seed,
    )
    how = {"batch_size": config["batch_size"], "decay": config["decay"]}
    _train(dense, schedule, train, seed, "a dense VAE", told, **how)
    return dense


def _train(
    model: Model,
    schedule: tuple[tuple[float, int], ...],
    train: Any,
    seed: int,
    name: str,
    told: bool,
    **how: Any,
) -> None:
    """Train for the epochs of a schedule, one learning rate after the other."""
    from tqdm import tqdm

    xp, count = xp_of(train[0]), len(train[0])
    model.to("cpu" if xp is np else "cuda")
    optimizers = model.optimizers(schedule[0][0])
    order, noise = np.random.default_rng(seed), default_rng(seed, xp)
    rngs = {"shuffle_rng": order, "noise_rng": noise}
    options: dict[str, Any] = {"batch_size": min(128, count), **rngs, **how}
    total = sum(epochs for _, epochs in schedule)
    if told:
        steps = total * math.ceil(count / options["batch_size"])
        forecast = forecast_of(f"training {name} to compare with", steps)
        forecast.begin()
        options["after_step"] = lambda loss: forecast.step()
    with tqdm(total=total, disable=no_terminal(), unit="epoch", desc=name) as bar:
        for lr, epochs in schedule:
            for optimizer in optimizers:
                optimizer.lr = lr
            for _ in train_epochs(model, optimizers, train, epochs=epochs, **options):
                bar.update()
