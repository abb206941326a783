"""Training and evaluation of any model whose `losses(x, rng=...)` gives named scalar losses, "loss" among them."""

from collections.abc import Callable, Iterator
from typing import Any

from .autograd import no_grad
from .backend import Array
from .data import batches
from .nn import Module
from .optim import Optimizer
from .tensor import Tensor

Averages = dict[str, float]


def fit(
    model: Module,
    optimizer: Optimizer,
    images: Array,
    *,
    epochs: int,
    batch_size: int,
    shuffle_rng: Any,
    noise_rng: Any,
    after_step: Callable[[Array], None] = lambda loss: None,
) -> Iterator[Averages]:
    """Train epoch by epoch; yields each epoch's mean losses, per image, as they were while the model was learning.

    Args:
        images: (N, C, H, W), on the model's device.
        shuffle_rng: a NumPy generator for the order of the images. noise_rng: a generator of the device, for the model.
        after_step: called with the batch's loss (a 0-d array) after every step.

    Raises ValueError for a batch size below 1 or above N.
    """
    for _ in range(epochs):
        mean = _Mean()
        for index in batches(len(images), batch_size, shuffle_rng):
            losses = training_step(model, optimizer, images[index], noise_rng)
            mean.add(losses, len(index))
            after_step(losses["loss"].data)
        yield mean.result()


def training_step(model: Any, optimizer: Optimizer, batch: Array, rng: Any) -> dict[str, Tensor]:
    """The whole of learning: forget the old gradients, compute the loss, go backward, step."""
    optimizer.zero_grad()
    losses = model.losses(Tensor(batch), rng=rng)
    losses["loss"].backward()
    optimizer.step()
    return losses


@no_grad()
def evaluate(model: Any, images: Array, rng: Any, batch_size: int = 1000) -> Averages:
    """The model's mean losses per image over `images`, by the same `losses` that it is trained with."""
    mean = _Mean()
    for index in batches(len(images), min(batch_size, len(images)), rng=None):
        mean.add(model.losses(Tensor(images[index]), rng=rng), len(index))
    return mean.result()


@no_grad()
def in_batches(function: Callable[[Tensor], Any], images: Array, batch_size: int = 1000) -> list[Any]:
    """`function` of all images, in batches, so that memory stays bounded."""
    return [function(Tensor(images[index])) for index in batches(len(images), min(batch_size, len(images)), rng=None)]


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
