"""The convolutional autoencoder: 1x28x28 -> 8x4x4 -> 1x28x28, with 4,385 weights.

Source: Chollet 2016, "Building Autoencoders in Keras" (blog.keras.io); trained here
with Adam instead of AdaDelta.
"""

from typing import Any

from .. import functional as F
from ..backend import default_rng
from ..nn import Conv2d, MaxPool2d, ReLU, Sequential, Upsample
from ..tensors import Tensor
from .base import Autoencoder, check_image_shape, check_multiples


class ConvAE(Autoencoder):
    """Three stages of convolution and pooling, then three with upsampling instead.

    encoder: 1x28x28 -> 16x28x28 -pool-> 16x14x14 -> 8x14x14 -pool-> 8x7x7
             -> 8x7x7 -pool-> 8x4x4, the code
    decoder: 8x4x4 -> 8x4x4 -up-> 8x8x8 -> 8x8x8 -up-> 8x16x16
             -> 16x14x14 -up-> 16x28x28 -> 1x28x28, the logits

    Convolutions are 3x3, each followed by ReLU, except the last. Pooling takes the
    largest number of 2x2 windows; upsampling repeats the nearest pixel. The last
    pooling pads, so that no row of the 7 is lost (they make 4 windows). The decoder
    undoes that where a convolution without padding makes 14 rows from 16. All other
    convolutions keep the size.

    Args:
        image_shape: (C, H, W), with H and W of the form 8k + 4, such as 12, 20, 28;
            the code then has 8 channels of size k + 1 each way.
        rng: draws the initial weights (a generator or a seed; None: fresh entropy).

    Raises ValueError for another image_shape.
    """

    at_once = 128

    def __init__(
        self, image_shape: tuple[int, int, int] = (1, 28, 28), rng: Any = None
    ):
        channels, height, width = check_image_shape("ConvAE", image_shape)
        check_multiples("ConvAE", (channels, height, width), 8, rest=4)
        rng = default_rng(rng)
        self.image_shape = image_shape
        self.code_shape = (8, height // 8 + 1, width // 8 + 1)
        self.encoder = Sequential(
            Conv2d(channels, 16, 3, padding=1, rng=rng),
            ReLU(),
            MaxPool2d(2),
            Conv2d(16, 8, 3, padding=1, rng=rng),
            ReLU(),
            MaxPool2d(2),
            Conv2d(8, 8, 3, padding=1, rng=rng),
            ReLU(),
            MaxPool2d(2, padding=1),
        )
        self.decoder = Sequential(
            Conv2d(8, 8, 3, padding=1, rng=rng),
            ReLU(),
            Upsample(scale_factor=2),
            Conv2d(8, 8, 3, padding=1, rng=rng),
            ReLU(),
            Upsample(scale_factor=2),
            Conv2d(8, 16, 3, rng=rng),
            ReLU(),
            Upsample(scale_factor=2),
            Conv2d(16, channels, 3, padding=1, rng=rng),
        )

    def encode(self, x: Tensor) -> Tensor:
        """The code, (N, 8, 4, 4) for images of 28x28.

        No number of it is negative, because it comes from a ReLU.
        """
        return self.encoder(x)

    def decode(self, z: Tensor) -> Tensor:
        """The logit of each pixel being on: (N, C, H, W)."""
        return self.decoder(z)

    def forward(self, x: Tensor) -> Tensor:
        return self.decode(self.encode(x))

    def losses(
        self, x: Tensor, labels: Any = None, rng: Any = None
    ) -> dict[str, Tensor]:
        """The binary cross-entropy in nats per image.

        It is summed over pixels and averaged over the N images. A grey pixel x costs at
        least its entropy, -x ln x - (1 - x) ln(1 - x). So even a perfect copy does not
        reach 0.
        """
        total = F.binary_cross_entropy_with_logits(self(x), x, reduction="sum")
        reconstruction = total / len(x)
        return {"loss": reconstruction, "reconstruction": reconstruction}

    def images(self, z: Tensor) -> Tensor:
        """The image of each code, with pixels in [0, 1]."""
        return F.sigmoid(self.decode(z))

    def reconstruct(self, x: Tensor) -> Tensor:
        """What is left of each image after passing through the code."""
        return self.images(self.encode(x))
