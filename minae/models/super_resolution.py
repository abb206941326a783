"""Super-resolution: it makes a small image `factor` times as high and as wide.

It has 19,328 weights for factor 2, in grey as in colour.
Sources: Dong, Loy & Tang 2016, "Accelerating the Super-Resolution Convolutional Neural
Network", for the layers at the small size; Kim, Lee & Lee 2016, "Accurate Image
Super-Resolution Using Very Deep Convolutional Networks", for learning only the detail
on top of a plain enlargement.
"""

from typing import Any

from .. import functional as F
from ..backend import default_rng, xp_of
from ..nn import Conv2d, ConvTranspose2d, ReLU, Sequential
from ..support.argument_checks import check_positive
from ..tensors import Tensor
from .base import Autoencoder, check_image_shape, check_multiples


class SuperResolution(Autoencoder):
    """Enlarges each pixel to a block of equal pixels, and adds detail to the blocks.

    A small image is made by averaging the large one over blocks of factor x factor
    pixels. So the blocks' means are known, and only what varies within a block has to
    be learned. The detail leaves each block's mean alone: averaging an answer over
    blocks gives the small image back, up to rounding.

    The detail comes from three 3x3 convolutions at the small size, `channels` wide,
    with ReLU after each. A transposed convolution, of stride factor and kernel
    2 factor, then makes the large size. Finally the detail's own means over blocks are
    subtracted.

    Each colour of a picture is enlarged by itself, as if it were grey. An edge looks
    alike in all of them, so one network learns it from three times as many examples.

    Args:
        image_shape: (C, H, W) of the large images, H and W multiples of factor.
        factor: how many times as high and as wide the answer is.
        channels: the number of channels of the layers in between.
        rng: draws the initial weights (a generator or a seed; None: fresh entropy).

    Raises ValueError for another image_shape, a factor below 2, or channels below 1.
    """

    at_once = 128

    def __init__(
        self,
        image_shape: tuple[int, int, int] = (1, 28, 28),
        factor: int = 2,
        channels: int = 32,
        rng: Any = None,
    ):
        check_positive("SuperResolution", factor=factor, channels=channels)
        sizes = check_image_shape("SuperResolution", image_shape)
        if factor < 2:
            raise ValueError(
                f"SuperResolution: factor must be at least 2, found {factor}"
            )
        check_multiples("SuperResolution", sizes, factor)
        rng = default_rng(rng)
        self.image_shape = image_shape
        self.factor = factor
        self.channels = channels
        self.detail = Sequential(
            Conv2d(1, channels, 3, padding=1, rng=rng),
            ReLU(),
            Conv2d(channels, channels, 3, padding=1, rng=rng),
            ReLU(),
            Conv2d(channels, channels, 3, padding=1, rng=rng),
            ReLU(),
            # A bias would be subtracted along with the blocks' means.
            ConvTranspose2d(
                channels,
                1,
                2 * factor,
                stride=factor,
                padding=(factor + 1) // 2,
                output_padding=factor % 2,
                bias=False,
                rng=rng,
            ),
        )

    def shrink(self, x: Tensor) -> Tensor:
        """The mean of each block of factor x factor pixels.

        Shapes: (N, C, H, W) -> (N, C, H / factor, W / factor).
        """
        return F.avg_pool2d(x, self.factor)

    def forward(self, small: Tensor) -> Tensor:
        """The large images (N, C, H, W) of small ones (N, C, H / factor, W / factor).

        H and W may be any multiples of factor, and C any number of colours. Pixels may
        lie a little outside [0, 1].
        """
        if small.ndim != 4:
            raise ValueError(
                f"SuperResolution: expected images (N, C, H, W), found {small.shape}"
            )
        n, colours, height, width = small.shape
        grey = small.reshape(n * colours, 1, height, width)
        detail = self.detail(grey)
        large = F.upsample_nearest2d(grey - self.shrink(detail), self.factor) + detail
        return large.reshape(n, colours, height * self.factor, width * self.factor)

    def enlarge(self, small: Tensor) -> Tensor:
        """The large images, clipped to [0, 1].

        This is for use, not for learning: no gradient passes.
        """
        large = self(small).data
        return Tensor(xp_of(large).clip(large, 0, 1))

    def losses(
        self, x: Tensor, labels: Any = None, rng: Any = None
    ) -> dict[str, Tensor]:
        """The squared error per image of x shrunk and enlarged again.

        It is summed over pixels and averaged over the N images.
        """
        reconstruction = F.mse_loss(self(self.shrink(x)), x, reduction="sum") / len(x)
        return {"loss": reconstruction, "reconstruction": reconstruction}
