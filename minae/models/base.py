"""What training asks of every model: its losses, its optimisers, and one step."""

from typing import Any

from ..checks import check_whole
from ..nn import Module
from ..optim import Adam, Optimizer
from ..tensor import Tensor


def check_image_shape(name: str, image_shape: Any) -> tuple[int, int, int]:
    """(C, H, W) itself. Raises ValueError unless it is three whole numbers of at least 1; `name` is the model's."""
    if not isinstance(image_shape, tuple | list) or len(image_shape) != 3:
        raise ValueError(f"{name}: image_shape must be (channels, height, width), found {image_shape!r}")
    for size in image_shape:
        check_whole(f"{name}: each number of image_shape", size, 1)
    channels, height, width = image_shape
    return channels, height, width


class Autoencoder(Module):
    """A model that learns images (N, C, H, W), and that `minae.training` can train.

    `at_once` is how many images a training step takes through the network together. Many dense layers like many; of a
    convolution's images more than about a hundred no longer fit into a processor's cache.
    """

    at_once = 1024

    def losses(self, x: Tensor, labels: Any = None, rng: Any = None) -> dict[str, Tensor]:
        """Scalar losses by name, averaged over the N images; "loss" is the one that training minimises.

        `labels`, (N,) integers or None, are for models that want them. Whatever is random is drawn from `rng`.
        """
        raise NotImplementedError(f"{type(self).__name__} has no losses()")

    def optimizers(self, lr: float) -> list[Optimizer]:
        """The optimisers that `training_step` steps: one for all parameters."""
        return [Adam(self.parameters(), lr)]

    def training_step(self, optimizers: list[Optimizer], x: Tensor, labels: Any, rng: Any) -> dict[str, Tensor]:
        """The whole of learning: forget the old gradients, compute the loss, go backward, step."""
        for optimizer in optimizers:
            optimizer.zero_grad()
        losses = self._backward(x, labels, rng)
        for optimizer in optimizers:
            optimizer.step()
        return losses

    def _backward(self, x: Tensor, labels: Any, rng: Any) -> dict[str, Tensor]:
        """Leave the gradients of the mean loss over x in the parameters, and return the mean losses.

        The batch goes through the network in parts, whose gradients add up to those of the whole.
        """
        if len(x) <= self.at_once:
            losses = self.losses(x, labels, rng=rng)
            losses["loss"].backward()
            return losses
        means: dict[str, Any] = {}
        for start in range(0, len(x), self.at_once):
            part = slice(start, start + self.at_once)
            images = Tensor(x.data[part])
            losses = self.losses(images, None if labels is None else labels[part], rng=rng)
            share = len(images) / len(x)
            (losses["loss"] * share).backward()
            for name, loss in losses.items():
                means[name] = means.get(name, 0) + loss.data * share
        return {name: Tensor(mean) for name, mean in means.items()}
