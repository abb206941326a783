"""Small trainings of every kind of model, for one process or several.

`mpiexec -n P python -m tests.training.by_shares FILE`: process 0 writes into the file what every model's weights and
history became. They are computed in float64, so that a difference in mathematics cannot pass for one in rounding.
"""

import sys

import numpy as np

import minae
from minae import functional as F
from minae import models, nn, optim
from minae.training import shares
from tests.models.melodies import random_melodies

SHAPE = (1, 12, 12)
# 25 images in batches of 8: shares are uneven, and the last batch has one image, fewer than there are processes
COUNT, BATCH = 25, 8


class DroppedOut(models.Model):
    """Draws twice for each image: in one layer, and in the loss."""

    def __init__(self):
        self.layers = nn.Sequential(nn.Flatten(), nn.Linear(144, 9, rng=0), nn.Dropout(0.3), nn.Linear(9, 144, rng=1))

    def losses(self, x, labels=None, rng=None):
        noisy = x + 0.1 * rng.standard_normal(x.shape, x.dtype)
        return {"loss": F.mse_loss(self.layers(noisy), x.flatten(1), reduction="sum") / len(x)}


class Rare(models.AE):
    """One layer has a gradient for images of class 3 only, and so not in every share; another one has none at all.

    Without a gradient a weight does not decay.
    """

    def __init__(self):
        super().__init__(SHAPE, (9,), 4, rng=0)
        self.rare, self.frozen = nn.Linear(144, 2, rng=0), nn.Linear(2, 2, rng=0)

    def optimizers(self, lr):
        return [optim.AdamW(self.parameters(), lr, weight_decay=0.1)]

    def losses(self, x, labels=None, rng=None):
        loss = super().losses(x)["loss"]
        of_class_3 = np.flatnonzero(labels == 3)
        if len(of_class_3):
            loss = loss + (self.rare(x.flatten(1)[of_class_3]) ** 2).sum() / len(x)
        return {"loss": loss}


class InParts(models.VAE):
    """A batch passes through it in parts, also the share of a batch."""

    at_once = 2


class FewLabels(models.SemiVAE):
    """Is told the labels of classes 0 to 4 only: not in every share."""

    def losses(self, x, labels=None, rng=None):
        return super().losses(x, np.where(labels < 5, labels, -1), rng)


class Normalised(models.Model):
    """Takes means over the share: alike in all processes, but another run for every number of them."""

    def __init__(self):
        first, last = nn.Conv2d(1, 3, 3, padding=1, rng=0), nn.Conv2d(3, 1, 3, padding=1, rng=1)
        self.layers = nn.Sequential(first, nn.BatchNorm2d(3), nn.ReLU(), last)

    def losses(self, x, labels=None, rng=None):
        return {"loss": F.mse_loss(self.layers(x), x, reduction="sum") / len(x)}


CASES = {
    "ae": lambda: models.AE(SHAPE, (9,), 4, rng=0),
    "conv-ae": lambda: models.ConvAE(SHAPE, rng=0),
    "denoiser": lambda: models.Denoiser(SHAPE, rng=0),
    "super-resolution": lambda: models.SuperResolution(SHAPE, channels=5, rng=0),
    "vae": lambda: models.VAE(SHAPE, 9, 3, rng=0),
    "vae, learned variance": lambda: models.VAE(SHAPE, 9, 3, likelihood="gaussian-learned", rng=0),
    "conv-vae": lambda: models.ConvVAE(SHAPE, rng=0),
    "iwae": lambda: models.IWAE(SHAPE, (9,), 3, k=4, rng=0),
    "iwae, doubly reparameterised": lambda: models.IWAE(SHAPE, (9,), 3, 4, "doubly-reparameterised", rng=0),
    "cvae": lambda: models.CVAE(SHAPE, 9, 3, rng=0),
    "semi-vae": lambda: models.SemiVAE(SHAPE, 9, 3, 5, 2, rng=0),
    "semi-vae, few labels": lambda: FewLabels(SHAPE, 9, 3, 5, 2, rng=0),
    "aae": lambda: models.AAE(SHAPE, 9, rng=0),
    "aae, ring": lambda: models.AAE(SHAPE, 9, prior="ring", rng=0),
    "music-vae": lambda: models.MusicVAE(1, 5, 3, warm_up=3, rng=0),
    "classifier": lambda: models.Classifier(SHAPE, (9, 7), rng=0),
    "dropout": DroppedOut,
    "rare": Rare,
    "in parts": lambda: InParts(SHAPE, 9, 3, rng=0),
}
ALIKE = {**CASES, "normalised": Normalised}  # in all processes


def trained(name, **options):
    """The model's weights after two epochs, and its history, as arrays by name. The options are `fit`'s."""
    rng = np.random.default_rng(0)
    images, labels = rng.random((COUNT + 5, *SHAPE)), rng.integers(10, size=COUNT + 5)
    if name == "music-vae":
        images = random_melodies(rng, COUNT + 5, bars=1)
    model = ALIKE[name]().to(dtype=np.float64)
    measured = images[COUNT:], labels[COUNT:]
    options = {"epochs": 2, "batch_size": BATCH, "decay": 0.99, "progress": False, **options}
    history = minae.fit(model, images[:COUNT], labels[:COUNT], validation=measured, **options)
    return model.state_dict() | {f"history of {name}": np.array(column) for name, column in history.items()}


def main(path):
    results = {name: trained(name) for name in ALIKE}
    team = shares.team()
    for name, arrays in results.items():
        team.check_same(**{name: lambda arrays=arrays: shares.checksum(*arrays.values())})
    if team.rank == 0:
        np.savez(path, **{f"{name}/{key}": array for name, arrays in results.items() for key, array in arrays.items()})


if __name__ == "__main__":
    main(sys.argv[1])
