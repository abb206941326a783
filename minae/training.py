"""Training and evaluation of any `Autoencoder`."""

import math
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from .autograd import no_grad
from .backend import Array
from .data import Split, batches
from .errors import DivergenceError
from .kernels import batch_last
from .models import Autoencoder
from .optim import Optimizer
from .tensor import Tensor

Averages = dict[str, float]


def fit(
    model: Autoencoder, optimizers: list[Optimizer], data: Split, *, epochs: int, **options: Any
) -> Iterator[Averages]:
    """Train epoch by epoch; yields the result of each `train_epoch`, which says what the options are."""
    return (train_epoch(model, optimizers, data, **options) for _ in range(epochs))


def train_epoch(
    model: Autoencoder,
    optimizers: list[Optimizer],
    data: Split,
    *,
    batch_size: int,
    shuffle_rng: Any,
    noise_rng: Any,
    decay: float = 1.0,
    after_step: Callable[[float], None] = lambda loss: None,
) -> Averages:
    """Take every image through one training step; returns the mean losses per image, as the model had them then.

    Args:
        data: images and labels on the model's device.
        shuffle_rng: a NumPy generator for the order of the images. noise_rng: a generator of the device, for the model.
        decay: the learning rates are multiplied by it after every step. Large steps find the valley, small ones its
            bottom; and two networks that play against each other circle for ever if their steps do not shrink.
        after_step: called with the batch's loss after every step.

    Raises ValueError for a batch size below 1 or above the number of images, and for a decay outside (0, 1];
    DivergenceError where the loss is NaN or infinite.
    """
    if not 0 < decay <= 1:
        raise ValueError(f"train_epoch: decay must be above 0 and at most 1, found {decay}")
    mean = _Mean()
    for step, index in enumerate(batches(len(data.images), batch_size, shuffle_rng), start=1):
        losses = model.training_step(optimizers, *_batch(data, index), noise_rng)
        loss = losses["loss"].item()
        if not math.isfinite(loss):
            raise DivergenceError(f"the loss became {loss} at step {step}")
        for optimizer in optimizers:
            optimizer.lr *= decay
        mean.add(losses, len(index))
        after_step(loss)
    return mean.result()


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
    """Images and labels of a step. Batch last from the start (see kernels.py), so that no op meets two orders."""
    return Tensor(batch_last(data.images[index])), None if data.labels is None else data.labels[index]


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
