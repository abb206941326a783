"""What training asks of every model: its losses, its optimisers, and one step."""

from typing import Any

from ..nn import Module
from ..optim import Adam, Optimizer
from ..tensor import Tensor


class Autoencoder(Module):
    """A model that learns images (N, C, H, W), and that `minae.training` can train."""

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
        losses = self.losses(x, labels, rng=rng)
        losses["loss"].backward()
        for optimizer in optimizers:
            optimizer.step()
        return losses
