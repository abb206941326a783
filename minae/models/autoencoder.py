"""The dense autoencoder: by default, 784-512-128-30 and back.

`deep-ae` is the network of 2006, 784-1000-500-250-30 and back.
Source: Hinton & Salakhutdinov 2006, "Reducing the Dimensionality of Data with Neural
Networks". They first trained theirs layer by layer, because a deep network would not
learn from small random weights. From the weights of He et al. it does.
"""

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from .. import functional as F
from ..backend import default_rng
from ..nn import Flatten, LeakyReLU, Linear, Module, Sequential, Sigmoid, Unflatten
from ..support.argument_checks import check_positive
from ..tensors import Tensor
from .base import Autoencoder, check_image_shape

SLOPE = 0.2  # of the leaky ReLU


class AE(Autoencoder):
    """An encoder to `latent` numbers, and a decoder that makes an image of them.

    The decoder has the encoder's layers in reverse. Leaky ReLUs stand between the
    layers. Nothing follows the code, which may be any number. A sigmoid follows the
    last layer, because pixels lie in [0, 1]. Images x are (N, C, H, W), codes
    (N, latent).

    Args:
        image_shape: (C, H, W).
        hidden: units of each hidden layer of the encoder, from the image to the code.
        latent: dimensions of the code.
        rng: draws the initial weights (a generator or a seed; None: fresh entropy).

    Raises ValueError for sizes below 1.
    """

    def __init__(
        self,
        image_shape: tuple[int, int, int] = (1, 28, 28),
        hidden: Sequence[int] = (512, 128),
        latent: int = 30,
        rng: Any = None,
    ):
        if not isinstance(hidden, tuple | list):
            raise TypeError(
                f"AE: hidden must be a list of whole numbers, found {hidden!r}"
            )
        check_positive(
            "AE",
            latent=latent,
            **{f"hidden[{i}]": units for i, units in enumerate(hidden)},
        )
        rng = default_rng(rng)
        sizes = [math.prod(check_image_shape("AE", image_shape)), *hidden, latent]
        self.image_shape = image_shape
        self.hidden = tuple(hidden)
        self.latent = latent
        self.encoder = Sequential(Flatten(), *_layers(sizes, rng))
        self.decoder = Sequential(
            *_layers(sizes[::-1], rng), Sigmoid(), Unflatten(1, image_shape)
        )

    def encode(self, x: Tensor) -> Tensor:
        """The code: (N, latent)."""
        return self.encoder(x)

    def decode(self, z: Tensor) -> Tensor:
        """The image of each code: (N, C, H, W), pixels in [0, 1]."""
        return self.decoder(z)

    def forward(self, x: Tensor) -> Tensor:
        """What is left of each image after passing through the code."""
        return self.decode(self.encode(x))

    reconstruct = forward

    def losses(
        self, x: Tensor, labels: Any = None, rng: Any = None
    ) -> dict[str, Tensor]:
        """The squared error per image: summed over pixels, averaged over the N images.

        PCA minimises the same error.
        """
        reconstruction = F.mse_loss(self(x), x, reduction="sum") / len(x)
        return {"loss": reconstruction, "reconstruction": reconstruction}


def _layers(sizes: Sequence[int], rng: Any) -> list[Module]:
    """Linear layers from each size to the next, with a leaky ReLU between them."""
    layers: list[Module] = []
    for inputs, outputs in pairwise(sizes):
        layers += [_he_linear(inputs, outputs, rng), LeakyReLU(SLOPE)]
    return layers[:-1]


def _he_linear(inputs: int, outputs: int, rng: Any) -> Linear:
    """A linear layer with weights of variance 2 / inputs, six times PyTorch's default.

    Half of what enters a ReLU is lost. The 2 makes up for that, so a signal passes
    through many layers without fading.
    Source: He et al. 2015, "Delving Deep into Rectifiers", section 2.2.
    """
    layer = Linear(inputs, outputs, rng=rng)
    layer.weight.data *= 6**0.5
    return layer
