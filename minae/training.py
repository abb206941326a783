"""Training and evaluation of any `Autoencoder`."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from .autograd import no_grad
from .backend import Array
from .data import Split, batches
from .models import Autoencoder
from .optim import Optimizer
from .tensor import Tensor

Averages = dict[str, float]


def fit(
    model: Autoencoder,
    optimizers: list[Optimizer],
    data: Split,
    *,
    epochs: int,
    batch_size: int,
    shuffle_rng: Any,
    noise_rng: Any,
    after_step: Callable[[Array], None] = lambda loss: None,
) -> Iterator[Averages]:
    """Train epoch by epoch; yields each epoch's mean losses, per image, as they were while the model was learning.

    Args:
        data: images and labels on the model's device.
        shuffle_rng: a NumPy generator for the order of the images. noise_rng: a generator of the device, for the model.
        after_step: called with the batch's loss (a 0-d array) after every step.

    Raises ValueError for a batch size below 1 or above the number of images.
    """
    for _ in range(epochs):
        mean = _Mean()
        for index in batches(len(data.images), batch_size, shuffle_rng):
            losses = model.training_step(optimizers, *_batch(data, index), noise_rng)
            mean.add(losses, len(index))
            after_step(losses["loss"].data)
        yield mean.result()


@no_grad()
def evaluate(model: Autoencoder, data: Split, rng: Any, batch_size: int = 1000) -> Averages:
    """The model's mean losses per image over `data`, by the same `losses` that it is trained with."""
    mean = _Mean()
    for index in _in_order(data.images, batch_size):
        mean.add(model.losses(*_batch(data, index), rng=rng), len(index))
    return mean.result()


@no_grad()
def in_batches(function: Callable[[Tensor], Any], images: Array, batch_size: int = 1000) -> list[Any]:
    """`function` of all images, batch by batch, so that memory stays bounded."""
    return [function(Tensor(images[index])) for index in _in_order(images, batch_size)]


def _in_order(images: Array, batch_size: int) -> Iterator[np.ndarray]:
    return batches(len(images), min(batch_size, len(images)), rng=None)


def _batch(data: Split, index: np.ndarray) -> tuple[Tensor, Array | None]:
    return Tensor(data.images[index]), None if data.labels is None else data.labels[index]


class _Mean:
    """Means of losses over batches of unequal sizes. The sums stay on the device: reading each would make it wait."""

    def __init__(self) -> None:
        self.sums: dict[str, Any] = {}
        self.count = 0

    def add(self, losses: dict[str, Tensor], count: int) -> None:
        for name, loss in losses.items():
            self.sums[name] = self.sums.get(name, 0) + loss.data.astype("float64") * count
        self.count += count

    def result(self) -> Averages:
        return {name: total.item() / self.count for name, total in self.sums.items()}
