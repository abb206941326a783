"""A dense classifier of digits, 784-512-256-10: it reads what a model has drawn.

Its training images are moved a little (LeCun et al. 1998). It then reads 98.7 % of
MNIST's test images correctly.
"""

import math
from typing import Any

from .. import functional as F
from .. import kernels
from ..backend import default_rng, xp_of
from ..nn import Flatten, Linear, ReLU, Sequential
from ..optim import Optimizer
from ..tensors import Tensor
from .base import Model, check_image_shape

SHIFT = 1  # the most pixels by which a batch is moved in each direction


class Classifier(Model):
    """p(label|x) = softmax(logits), trained like the other models, by its `losses`.

    Args:
        image_shape: (C, H, W).
        hidden: units of each hidden layer.
        classes: how many labels there are, from 0 on.
        rng: draws the initial weights (a generator or a seed; None: fresh entropy).
    """

    def __init__(
        self,
        image_shape: tuple[int, int, int] = (1, 28, 28),
        hidden: tuple[int, int] = (512, 256),
        classes: int = 10,
        rng: Any = None,
    ):
        rng = default_rng(rng)
        if not isinstance(hidden, tuple | list) or len(hidden) != 2:
            raise ValueError(
                f"Classifier: hidden must be two whole numbers, found {hidden!r}"
            )
        first, second = hidden
        self.image_shape = image_shape
        self.hidden = (first, second)
        self.classes = classes
        self.layers = Sequential(
            Flatten(),
            Linear(
                math.prod(check_image_shape("Classifier", image_shape)), first, rng=rng
            ),
            ReLU(),
            Linear(first, second, rng=rng),
            ReLU(),
            Linear(second, classes, rng=rng),
        )

    def forward(self, x: Tensor) -> Tensor:
        """The logits of the labels: (N, classes)."""
        return self.layers(x)

    def losses(
        self, x: Tensor, labels: Any = None, rng: Any = None
    ) -> dict[str, Tensor]:
        """The loss -ln p(label|x), in nats, and the accuracy.

        The accuracy is the share of images whose most likely label is the right one.
        """
        if labels is None:
            raise ValueError(
                "Classifier: expected the labels of the images, found none"
            )
        logits = self(x)
        loss = F.cross_entropy(logits, labels)
        right = (logits.data.argmax(axis=1) == labels).astype(x.dtype)
        return {"loss": loss, "accuracy": Tensor(right.mean())}

    def training_step(
        self, optimizers: list[Optimizer], x: Tensor, labels: Any, rng: Any
    ) -> dict[str, Tensor]:
        """A step on the batch moved by up to SHIFT pixels.

        A digit is the same digit wherever it stands.
        """
        return super().training_step(optimizers, moved(x, SHIFT, rng), labels, rng)


def moved(x: Tensor, most: int, rng: Any) -> Tensor:
    """A batch of images, moved together by up to `most` pixels in each direction.

    What leaves at one edge comes back at the other. (This is `roll`, but by numbers
    that stay on the device: to read them, the processor would have to wait.)
    """
    xp = xp_of(x.data)
    rows, columns = (
        (xp.arange(size) - rng.integers(-most, most + 1)) % size for size in x.shape[2:]
    )
    found = x.data[:, :, rows[:, None], columns]
    return Tensor(kernels.active().in_memory_order(found))
