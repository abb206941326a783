"""The variational autoencoder, dense: 784-512-(2, 2)-512-784 by default.

Source: Kingma & Welling 2014, "Auto-Encoding Variational Bayes" (their appendix C.1 with ReLU for tanh).
"""

from typing import Any

import numpy as np

from .. import functional as F
from ..backend import default_rng
from ..nn import Flatten, Linear, ReLU, Sequential, Unflatten, check_positive
from ..tensor import Tensor
from .base import Autoencoder


class VAE(Autoencoder):
    """An encoder q(z|x) = N(mu, diag exp(log_var)), a decoder p(x|z) = Bernoulli(sigmoid(logits)), a prior N(0, I).

    Images x are (N, C, H, W) with values in [0, 1]; mu, log_var and z are (N, latent); logits have the images' shape.

    Args:
        image_shape: (C, H, W).
        hidden: units of the one hidden layer of the encoder, and of the decoder.
        latent: dimensions of z.
        beta: weight of the KL term in the training loss; 1 makes it the negative ELBO (Higgins et al. 2017, eq. 4).
        rng: draws the initial weights (a generator or a seed; None: fresh entropy).
    """

    def __init__(
        self,
        image_shape: tuple[int, int, int] = (1, 28, 28),
        hidden: int = 512,
        latent: int = 2,
        beta: float = 1.0,
        rng: Any = None,
    ):
        check_positive("VAE", hidden=hidden, latent=latent)
        if not beta >= 0:
            raise ValueError(f"VAE: beta must be at least 0, found {beta}")
        rng = default_rng(rng)
        pixels = int(np.prod(image_shape))
        self.latent = latent
        self.beta = beta
        self.encoder = Sequential(Flatten(), Linear(pixels, hidden, rng=rng), ReLU())
        self.to_mu = Linear(hidden, latent, rng=rng)
        self.to_log_var = Linear(hidden, latent, rng=rng)
        self.decoder = Sequential(
            Linear(latent, hidden, rng=rng), ReLU(), Linear(hidden, pixels, rng=rng), Unflatten(1, image_shape)
        )

    def encode(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """The posterior's parameters: mu and log_var, each (N, latent)."""
        h = self.encoder(x)
        return self.to_mu(h), self.to_log_var(h)

    def decode(self, z: Tensor) -> Tensor:
        """The logits of every pixel being on: (N, C, H, W)."""
        return self.decoder(z)

    def forward(self, x: Tensor, eps: Any = None, rng: Any = None) -> tuple[Tensor, Tensor, Tensor]:
        """(logits, mu, log_var) for one sample z ~ q(z|x), made from noise `eps`, or drawn with `rng`."""
        mu, log_var = self.encode(x)
        z = F.reparameterize(mu, log_var, eps, rng)
        return self.decode(z), mu, log_var

    def losses(self, x: Tensor, labels: Any = None, rng: Any = None, eps: Any = None) -> dict[str, Tensor]:
        """In nats per image: summed over pixels and latents, averaged over the N images.

        reconstruction = -E_q[ln p(x|z)] (one sample),   kl = KL(q(z|x) || p(z)),   loss = reconstruction + beta * kl.
        """
        logits, mu, log_var = self(x, eps, rng)
        n = len(x)
        reconstruction = F.binary_cross_entropy_with_logits(logits, x, reduction="sum") / n
        kl = F.gaussian_kl(mu, log_var).sum() / n
        return {"loss": reconstruction + self.beta * kl, "reconstruction": reconstruction, "kl": kl}

    def images(self, z: Tensor) -> Tensor:
        """The decoder's mean image of each code: the probability of every pixel being on."""
        return F.sigmoid(self.decode(z))

    def reconstruct(self, x: Tensor) -> Tensor:
        """The mean image of each image's mean code mu: no sampling."""
        mu, _ = self.encode(x)
        return self.images(mu)
