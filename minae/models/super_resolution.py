"""Super-resolution: a small image in, one that is `factor` times as high and wide out. 19,328 weights for factor 2.

Sources: Dong, Loy & Tang 2016, "Accelerating the Super-Resolution Convolutional Neural Network", for the layers at the
small size; Kim, Lee & Lee 2016, "Accurate Image Super-Resolution Using Very Deep Convolutional Networks", for learning
only the detail on top of a plain enlargement.
"""

from typing import Any

from .. import functional as F
from ..backend import default_rng, xp_of
from ..nn import Conv2d, ConvTranspose2d, ReLU, Sequential, check_positive
from ..tensor import Tensor
from .base import Autoencoder, check_image_shape


class SuperResolution(Autoencoder):
    """Makes a block of factor x factor equal pixels of each one, and adds detail that leaves the block's mean alone.

    A small image is made by averaging the large one over blocks. So the blocks' means are known, and only what varies
    within a block is to be learned: averaging an answer over blocks gives the small image back, up to rounding.
    The detail comes from three 3x3 convolutions at the small size, `channels` wide, with ReLU after each, and one
    transposed convolution to the large size, of stride factor and kernel 2 factor; less its own means over blocks.

    Args:
        image_shape: (C, H, W) of the large images, H and W multiples of factor.
        factor: how many times as high and as wide the answer is.
        channels: of the layers in between.
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
        colours, height, width = check_image_shape("SuperResolution", image_shape)
        if factor < 2:
            raise ValueError(f"SuperResolution: factor must be at least 2, found {factor}")
        if height % factor or width % factor:
            found = f"images of {height}x{width}"
            raise ValueError(f"SuperResolution: height and width must be multiples of factor {factor}, found {found}")
        rng = default_rng(rng)
        self.factor = factor
        self.detail = Sequential(
            Conv2d(colours, channels, 3, padding=1, rng=rng),
            ReLU(),
            Conv2d(channels, channels, 3, padding=1, rng=rng),
            ReLU(),
            Conv2d(channels, channels, 3, padding=1, rng=rng),
            ReLU(),
            ConvTranspose2d(  # a bias would go with the blocks' means
                channels, colours, 2 * factor, factor, (factor + 1) // 2, factor % 2, bias=False, rng=rng
            ),
        )

    def shrink(self, x: Tensor) -> Tensor:
        """The mean of each block of factor x factor pixels: (N, C, H, W) -> (N, C, H / factor, W / factor)."""
        return F.avg_pool2d(x, self.factor)

    def forward(self, small: Tensor) -> Tensor:
        """The large images, (N, C, H, W) for small ones (N, C, H / factor, W / factor) of any H and W.

        Pixels may lie a little outside [0, 1].
        """
        detail = self.detail(small)
        return F.upsample_nearest2d(small - self.shrink(detail), self.factor) + detail

    def enlarge(self, small: Tensor) -> Tensor:
        """The large images, cut off at 0 and 1. For use, not for learning: no gradient passes."""
        large = self(small).data
        return Tensor(xp_of(large).clip(large, 0, 1))

    def losses(self, x: Tensor, labels: Any = None, rng: Any = None) -> dict[str, Tensor]:
        """The squared error per image of x enlarged again after shrinking: summed over pixels, averaged over N."""
        reconstruction = F.mse_loss(self(self.shrink(x)), x, reduction="sum") / len(x)
        return {"loss": reconstruction, "reconstruction": reconstruction}
