"""The convolutional variational autoencoder: it finds the same patterns everywhere.

Sources: Kingma & Welling 2014, "Auto-Encoding Variational Bayes", for the model;
Radford, Metz & Chintala 2016, "Unsupervised Representation Learning with Deep
Convolutional GANs", for the strided convolutions down and the transposed ones up.
"""

from typing import Any

from ..backend import default_rng
from ..nn import Conv2d, ConvTranspose2d, Flatten, Linear, ReLU, Sequential, Unflatten
from .base import check_image_shape, check_multiples
from .vae import VariationalAutoencoder

FEATURES = 128  # how many numbers the encoder's last layer gives for an image


class ConvVAE(VariationalAutoencoder):
    """A VAE of convolutions, which keep the image an image.

    For images of 28x28:

    encoder: 1x28x28 -(3x3, stride 2)-> 32x14x14 -(3x3, stride 2)-> 64x7x7
             = 3136 -> 128 -> (latent, latent)
    decoder: latent -> 3136 = 64x7x7 -(transposed 4x4, stride 2)-> 32x14x14
             -(transposed 4x4, stride 2)-> 1x28x28

    ReLUs stand between the layers. The kernel size 4 is a multiple of the stride 2. So
    each pixel of a transposed convolution collects equally many taps, and no
    checkerboard pattern appears.

    Args:
        image_shape: (C, H, W); H and W multiples of 4.
        latent, beta, likelihood, variance, rng: as for the dense `VAE`.

    Raises ValueError for another image_shape, and whenever the dense `VAE` does.
    """

    at_once = 128

    def __init__(
        self,
        image_shape: tuple[int, int, int] = (1, 28, 28),
        latent: int = 2,
        beta: float = 1.0,
        likelihood: str = "bernoulli",
        variance: float | None = None,
        rng: Any = None,
    ):
        super().__init__(latent, beta, likelihood, variance)
        channels, height, width = check_image_shape("ConvVAE", image_shape)
        check_multiples("ConvVAE", (channels, height, width), 4)
        rng = default_rng(rng)
        self.image_shape = image_shape
        small = (64, height // 4, width // 4)
        pixels = small[0] * small[1] * small[2]
        self.encoder = Sequential(
            Conv2d(channels, 32, 3, stride=2, padding=1, rng=rng),
            ReLU(),
            Conv2d(32, 64, 3, stride=2, padding=1, rng=rng),
            ReLU(),
            Flatten(),
            Linear(pixels, FEATURES, rng=rng),
            ReLU(),
        )
        self.to_mu = Linear(FEATURES, latent, rng=rng)
        self.to_log_var = Linear(FEATURES, latent, rng=rng)
        self.decoder = Sequential(
            Linear(latent, pixels, rng=rng),
            ReLU(),
            Unflatten(1, small),
            ConvTranspose2d(64, 32, 4, stride=2, padding=1, rng=rng),
            ReLU(),
            ConvTranspose2d(32, channels, 4, stride=2, padding=1, rng=rng),
        )
