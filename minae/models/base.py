"""What training needs from every model: its losses, its optimisers, and one step."""

from typing import Any

from ..backend import Array
from ..nn import Module
from ..optim import Adam, Optimizer
from ..support.argument_checks import check_whole
from ..tensors import Tensor


class Model(Module):
    """Something that `minae.fit` can train: it says what should become small.

    A subclass writes `losses`. Everything else is here, and can be replaced if one
    optimiser or one kind of step is not enough.

    `at_once` is how many examples a step sends through the network together. Dense
    layers work best with many. With convolutions, more than about a hundred images no
    longer fit into a processor's cache.
    """

    at_once = 1024

    def losses(
        self, x: Tensor, labels: Any = None, rng: Any = None
    ) -> dict[str, Tensor]:
        """Scalar losses by name, averaged over the N examples of a batch.

        Training minimises "loss"; the others are for people to look at.

        Args:
            x: the inputs, (N, ...): images, codes, melodies, whatever the model takes.
            labels: (N, ...), or None if there are none.
            rng: the generator from which anything random is drawn: for each of the N
                examples, as the first axis, or a single number for all.
        """
        raise NotImplementedError(f"{type(self).__name__} has no losses()")

    def start_from(self, inputs: Array) -> None:
        """Choose initial weights by what will be learned from, before any training.

        `minae train` calls it. Most models have no such weights.
        """

    def optimizers(self, lr: float) -> list[Optimizer]:
        """The optimisers that `training_step` steps: one for all parameters."""
        return [Adam(self.parameters(), lr)]

    def training_step(
        self, optimizers: list[Optimizer], x: Tensor, labels: Any, rng: Any
    ) -> dict[str, Tensor]:
        """One whole step of learning: forget the old gradients, go backward, step."""
        for optimizer in optimizers:
            optimizer.zero_grad()
        losses = backward_in_parts(self, x, labels, rng)
        for optimizer in optimizers:
            optimizer.step()
        return losses

    def backward(
        self, x: Tensor, labels: Any, rng: Any, share: float = 1.0
    ) -> dict[str, Tensor]:
        """Add the gradient of share * loss to the parameters' `.grad`; return losses.

        It can be replaced where another estimate of the same gradient varies less.
        """
        losses = self.losses(x, labels, rng=rng)
        (losses["loss"] * share).backward()
        return losses


class Autoencoder(Model):
    """A model that can reconstruct images (N, C, H, W): see `reconstruct`."""


def backward_in_parts(
    model: Model, x: Tensor, labels: Any, rng: Any
) -> dict[str, Tensor]:
    """Leave the gradients of the mean loss in the parameters; return the mean losses.

    This is `model.backward(x, labels, rng)`. But to save memory, a batch goes through
    the network `at_once` examples at a time. The loss is a mean, so its gradient is the
    sum of the parts' gradients, each times the part's share of the batch.
    """
    if len(x) <= model.at_once:
        return model.backward(x, labels, rng)
    means: dict[str, Any] = {}
    for start in range(0, len(x), model.at_once):
        part = slice(start, start + model.at_once)
        inputs = Tensor(x.data[part])
        share = len(inputs) / len(x)
        named = None if labels is None else labels[part]
        losses = model.backward(inputs, named, rng, share)
        for name, loss in losses.items():
            means[name] = means.get(name, 0) + loss.data * share
    return {name: Tensor(mean) for name, mean in means.items()}


def check_image_shape(name: str, image_shape: Any) -> tuple[int, int, int]:
    """The image shape (C, H, W) as a tuple. `name` is the model's, for the message.

    Raises ValueError unless it is three whole numbers of at least 1.
    """
    if not isinstance(image_shape, tuple | list) or len(image_shape) != 3:
        wanted = "image_shape must be (channels, height, width)"
        raise ValueError(f"{name}: {wanted}, found {image_shape!r}")
    for size in image_shape:
        check_whole(f"{name}: each number of image_shape", size, 1)
    channels, height, width = image_shape
    return channels, height, width


def check_multiples(
    name: str, image_shape: tuple[int, int, int], step: int, rest: int = 0
) -> None:
    """Raises ValueError unless height and width are multiples of step, plus rest.

    The message has the nearest size that would be right.
    """
    sizes = image_shape[1:]
    if all(size % step == rest for size in sizes):
        return
    height, width = (
        max(rest or step, round((size - rest) / step) * step + rest) for size in sizes
    )
    more = f"{rest} more than a multiple" if rest else "multiples"
    raise ValueError(
        f"{name}: height and width must be {more} of {step}, "
        f"found images of {sizes[0]}x{sizes[1]}; "
        f"{height}x{width} would do (minae train: --resize {height}x{width})"
    )
