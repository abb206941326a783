"""The denoising autoencoder, convolutional: a noisy image in, the clean one out.

It has 127,009 weights. Source: Vincent et al. 2008, "Extracting and Composing Robust
Features with Denoising Autoencoders". The noise is as in Chollet 2016, "Building
Autoencoders in Keras" (blog.keras.io), but drawn anew each time an image is seen.
"""

from typing import Any

from .. import functional as F
from ..backend import Array, default_rng, standard_normal, xp_of
from ..nn import Conv2d, ConvTranspose2d, ReLU, Sequential
from ..support.argument_checks import check_number
from ..tensors import Tensor
from .base import Autoencoder, check_image_shape, check_multiples


class Denoiser(Autoencoder):
    """Two convolutions that halve the image, then two transposed ones that double it.

    1x28x28 -5x5-> 32x14x14 -5x5-> 64x7x7 -6x6-> 32x14x14 -6x6-> 1x28x28, with ReLU
    between the layers. One pixel of the 7x7 sees 13x13 pixels of the image. The
    transposed kernels have size 6, a multiple of their stride 2. So every output pixel
    collects equally many products; size 5 would leave a checkerboard pattern.

    Many clean images could lie behind a noisy one. Of all functions of the noisy image,
    their mean has the smallest squared error, and the network comes close to it. So
    where the noise leaves doubt, its answer is a blur, not a guess.

    Args:
        image_shape: (C, H, W), H and W multiples of 4.
        noise_mean, noise_std: the noise in each pixel is drawn independently from
            N(noise_mean, noise_std²).
        rng: draws the initial weights (a generator or a seed; None: fresh entropy).

    Raises ValueError for another image_shape, or a noise_mean or noise_std below 0.
    """

    at_once = 128
    multiple = 4  # height and width are multiples of it

    def __init__(
        self,
        image_shape: tuple[int, int, int] = (1, 28, 28),
        noise_mean: float = 0.5,
        noise_std: float = 0.5,
        rng: Any = None,
    ):
        image_shape = check_image_shape("Denoiser", image_shape)
        check_multiples("Denoiser", image_shape, self.multiple)
        channels = image_shape[0]
        for name, value in (("noise_mean", noise_mean), ("noise_std", noise_std)):
            check_number(f"Denoiser: {name}", value, 0)
        rng = default_rng(rng)
        self.image_shape = image_shape
        self.noise_mean = noise_mean
        self.noise_std = noise_std
        self.encoder = Sequential(
            Conv2d(channels, 32, 5, stride=2, padding=2, rng=rng),
            ReLU(),
            Conv2d(32, 64, 5, stride=2, padding=2, rng=rng),
            ReLU(),
        )
        self.decoder = Sequential(
            ConvTranspose2d(64, 32, 6, stride=2, padding=2, rng=rng),
            ReLU(),
            ConvTranspose2d(32, channels, 6, stride=2, padding=2, rng=rng),
        )

    def add_noise(self, images: Array, rng: Any = None) -> Array:
        """clip(x + N(noise_mean, noise_std²), 0, 1), with new noise in every call.

        The noise is drawn from `rng`.
        """
        noise = self.noise_mean + self.noise_std * standard_normal(rng, like=images)
        return xp_of(images).clip(images + noise, 0, 1)

    def forward(self, noisy: Tensor) -> Tensor:
        """The clean images, (N, C, H, W) like the noisy ones.

        Pixels may lie a little outside [0, 1].
        """
        return self.decoder(self.encoder(noisy))

    def reconstruct(self, noisy: Tensor) -> Tensor:
        """The clean images, clipped to [0, 1].

        This is for use, not for learning: no gradient passes.
        """
        clean = self(noisy).data
        return Tensor(xp_of(clean).clip(clean, 0, 1))

    def losses(
        self, x: Tensor, labels: Any = None, rng: Any = None
    ) -> dict[str, Tensor]:
        """The squared error per image of x restored from noisy copies.

        It is summed over pixels and averaged over the N images.
        """
        restored = self(Tensor(self.add_noise(x.data, rng)))
        reconstruction = F.mse_loss(restored, x, reduction="sum") / len(x)
        return {"loss": reconstruction, "reconstruction": reconstruction}
