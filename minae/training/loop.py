"""One pass over the data: to train a model, to measure it, or to apply it."""

import math
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from .. import kernels
from ..autograd import no_grad
from ..backend import Array
from ..data import batches
from ..models import Model
from ..nn import Dropout
from ..optim import Optimizer
from ..support.errors import DivergenceError
from ..tensors import Tensor
from .input_arrays import Examples
from .shares import Alone

Averages = dict[str, float]
ALONE = Alone()


def train_epochs(
    model: Model,
    optimizers: list[Optimizer],
    examples: Examples,
    *,
    epochs: int,
    **options: Any,
) -> Iterator[Averages]:
    """Train epoch by epoch; yields the result of each `train_epoch`.

    `train_epoch` says what the options are.
    """
    return (train_epoch(model, optimizers, examples, **options) for _ in range(epochs))


def train_epoch(
    model: Model,
    optimizers: list[Optimizer],
    examples: Examples,
    *,
    batch_size: int,
    shuffle_rng: Any,
    noise_rng: Any,
    decay: float = 1.0,
    after_step: Callable[[float], None] = lambda loss: None,
    team: Alone = ALONE,
) -> Averages:
    """Take every example through one training step.

    Returns the mean losses per example, as the model had them at each step. The model
    is left in training mode: see `Module.train`.

    Args:
        examples: (inputs, labels or None) on the model's device.
        shuffle_rng: a NumPy generator for the order of the examples.
        noise_rng: a generator of the device, for the model and its Dropout layers.
        decay: the learning rates are multiplied by it after every step. Large steps
            find the valley, small ones its bottom; and two networks that play against
            each other circle for ever if their steps do not shrink.
        after_step: called with the batch's loss after every step.
        team: the processes that share every batch (see shares.py).

    Raises ValueError for a batch size below 1 or above the number of examples, and for
    a decay outside (0, 1]; DivergenceError where the loss is NaN or infinite.
    """
    if not 0 < decay <= 1:
        wanted = "decay must be above 0 and at most 1"
        raise ValueError(f"train_epoch: {wanted}, found {decay}")
    model.train()
    noise, added_up = team.noise(noise_rng, model.at_once), team.optimizers(optimizers)
    _drop_out_by(model, noise)
    mean = _Mean()
    order = batches(len(examples[0]), batch_size, shuffle_rng)
    for step, index in enumerate(order, start=1):
        batch = _batch(examples, index[team.share(len(index))])
        losses = team.mean(model.training_step(added_up, *batch, noise))
        loss = losses["loss"].item()
        if not math.isfinite(loss):
            raise DivergenceError(f"the loss became {loss} at step {step}")
        for optimizer in optimizers:
            optimizer.lr *= decay
        mean.add(losses, len(index))
        after_step(loss)
    _drop_out_by(model, noise_rng)
    return mean.result()


@no_grad()
def evaluate(
    model: Model,
    examples: Examples,
    rng: Any,
    batch_size: int = 1000,
    team: Alone = ALONE,
) -> Averages:
    """The model's mean losses per example, by the `losses` that it is trained with.

    The model is left in evaluation mode: see `Module.eval`. No more examples go through
    it together than in training, `model.at_once`.
    """
    model.eval()
    noise, mean = team.noise(rng), _Mean()
    for index in _in_order(examples[0], min(batch_size, model.at_once)):
        batch = _batch(examples, index[team.share(len(index))])
        mean.add(team.mean(model.losses(*batch, rng=noise)), len(index))
    return mean.result()


@no_grad()
def in_batches(
    function: Callable[[Tensor], Any], inputs: Array, batch_size: int = 1000
) -> list[Any]:
    """`function` of all inputs, batch by batch, so that memory stays bounded."""
    return [function(Tensor(inputs[index])) for index in _in_order(inputs, batch_size)]


def _in_order(inputs: Array, batch_size: int) -> Iterator[np.ndarray]:
    return batches(len(inputs), min(batch_size, len(inputs)), rng=None)


def _batch(examples: Examples, index: np.ndarray) -> tuple[Tensor, Array | None]:
    """Inputs and labels of a step, laid out as the convolutions like it."""
    inputs, labels = examples
    x = Tensor(kernels.active().in_memory_order(inputs[index]))
    return x, None if labels is None else labels[index]


def _drop_out_by(model: Model, rng: Any) -> None:
    """Let the model's Dropout layers draw from a generator."""
    for module in model.modules():
        if isinstance(module, Dropout):
            module.rng = rng


class _Mean:
    """Means of losses over batches of unequal sizes.

    The sums stay on the device: reading each would make it wait.
    """

    def __init__(self) -> None:
        self.sums: dict[str, Any] = {}
        self.count = 0

    def add(self, losses: dict[str, Tensor], count: int) -> None:
        for name, loss in losses.items():
            total = loss.data.astype("float64") * count
            self.sums[name] = self.sums.get(name, 0) + total
        self.count += count

    def result(self) -> Averages:
        return {name: total.item() / self.count for name, total in self.sums.items()}
