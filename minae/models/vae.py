"""Variational autoencoders: what they all have in common, and the dense one.

By default the dense one is 784-512-(2, 2)-512-784.
Source: Kingma & Welling 2014, "Auto-Encoding Variational Bayes" (their appendix C.1,
with ReLU instead of tanh).
"""

import math
from typing import Any

from .. import functional as F
from ..backend import default_rng, standard_normal, xp_of
from ..nn import Flatten, Linear, Module, ReLU, Sequential, Unflatten
from ..support.argument_checks import check_number, check_positive, check_whole
from ..tensors import Tensor
from .base import Autoencoder, check_image_shape
from .likelihoods import make_likelihood


class VariationalAutoencoder(Autoencoder):
    """An encoder to a distribution of codes, and a decoder to a distribution of images.

    The encoder gives q(z|x) = N(mu, diag exp(log_var)), the decoder has a likelihood
    p(x|z), and the prior is N(0, I).

    Images x are (N, C, H, W) with values in [0, 1]; mu, log_var and z are (N, latent).
    The decoder's output has the images' shape, and its likelihood says what it means.

    A subclass sets the networks: `encoder` gives the features that `to_mu` and
    `to_log_var` read, and `decoder` takes z.
    """

    encoder: Module
    to_mu: Module
    to_log_var: Module
    decoder: Module

    def __init__(
        self, latent: int, beta: float, likelihood: str, variance: float | None
    ):
        check_positive(type(self).__name__, latent=latent)
        check_number(f"{type(self).__name__}: beta", beta, 0)
        self.latent = latent
        self.beta = beta
        self.likelihood = make_likelihood(likelihood, variance)
        self.variance = variance

    def arguments(self) -> dict[str, Any]:
        return {
            name: x.name if x is self.likelihood else x
            for name, x in super().arguments().items()
        }

    def encode(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """The posterior's parameters: mu and log_var, each (N, latent)."""
        h = self.encoder(x)
        return self.to_mu(h), self.to_log_var(h)

    def decode(self, z: Tensor) -> Tensor:
        """One number per pixel, for the likelihood to read: (N, C, H, W).

        For a Bernoulli, they are the logits.
        """
        return self.decoder(z)

    def forward(
        self, x: Tensor, eps: Any = None, rng: Any = None
    ) -> tuple[Tensor, Tensor, Tensor]:
        """(output, mu, log_var) for one sample z ~ q(z|x).

        The sample is made from the noise `eps`, or from noise drawn with `rng`.
        """
        mu, log_var = self.encode(x)
        z = F.reparameterize(mu, log_var, eps, rng)
        return self.decode(z), mu, log_var

    def losses(
        self, x: Tensor, labels: Any = None, rng: Any = None, eps: Any = None
    ) -> dict[str, Tensor]:
        """The loss and its two parts, in nats per image.

        All are summed over pixels and latents, and averaged over the N images:
        reconstruction = -E_q[ln p(x|z)] (one sample),   kl = KL(q(z|x) || p(z)),
        loss = reconstruction + beta * kl.
        """
        output, mu, log_var = self(x, eps, rng)
        n = len(x)
        reconstruction = -self.likelihood.log_prob(output, x).sum() / n
        kl = F.gaussian_kl(mu, log_var).sum() / n
        return {
            "loss": reconstruction + self.beta * kl,
            "reconstruction": reconstruction,
            "kl": kl,
        }

    def log_weights(
        self, x: Tensor, samples: int, rng: Any = None, labels: Any = None
    ) -> Tensor:
        """The logarithms ln w of the importance weights of sampled codes: (samples, N).

        ln w = ln p(x|z) + ln p(z) - ln q(z|x), for `samples` draws of z from q(z|x) for
        each image. E[ln w] is the ELBO, and E[w] = p(x).
        """
        check_whole(f"{type(self).__name__}: samples", samples, 1)
        eps = noise(x, (samples, len(x), self.latent), rng)
        mu, log_var = self.encode(x)
        z = mu + (0.5 * log_var).exp() * eps
        return self.log_likelihood(x, z) + log_prior_ratio(z, eps, log_var)

    def log_likelihood(self, x: Tensor, z: Tensor) -> Tensor:
        """ln p(x|z) of several codes for each image.

        Shapes: x (N, C, H, W), z (samples, N, latent) -> (samples, N).
        """
        output = self.decode(z.reshape(-1, self.latent))
        log_prob = self.likelihood.log_prob(output, repeated(x, len(z)))
        return log_prob.reshape(z.shape[:2])

    def images(self, z: Tensor) -> Tensor:
        """The mean image of each code.

        For a Bernoulli, that is each pixel's probability of being on.
        """
        return self.likelihood.mean(self.decode(z))

    def reconstruct(self, x: Tensor) -> Tensor:
        """The mean image of each image's mean code mu, without sampling."""
        mu, _ = self.encode(x)
        return self.images(mu)


def noise(x: Tensor, shape: tuple[int, ...], rng: Any = None) -> Tensor:
    """Noise from N(0, 1), in the dtype and library of the images x."""
    return Tensor(standard_normal(rng, xp_of(x.data).empty(shape, dtype=x.dtype)))


def log_prior_ratio(z: Tensor, eps: Tensor, log_var: Tensor) -> Tensor:
    """ln p(z) - ln q(z|x) = ½ Σ (eps² + log_var - z²), with z = mu + std * eps.

    Shapes: z and eps (samples, N, latent), log_var (N, latent) -> (samples, N).
    """
    return 0.5 * (eps * eps + log_var - z * z).sum(axis=2)


def repeated(x: Tensor, samples: int) -> Tensor:
    """All of x, `samples` times over: (N, ...) -> (samples · N, ...)."""
    copies = x.broadcast_to((samples, *x.shape))
    return copies.reshape(-1, *x.shape[1:])


class VAE(VariationalAutoencoder):
    """The dense variational autoencoder, with one hidden layer each way.

    Args:
        image_shape: (C, H, W).
        hidden: units of the one hidden layer of the encoder, and of the decoder.
        latent: dimensions of z.
        beta: weight of the KL term in the training loss; 1 makes the loss the negative
            ELBO (Higgins et al. 2017, eq. 4).
        likelihood: of the pixels: "bernoulli", "gaussian", or "gaussian-learned" (see
            likelihoods.py).
        variance: of a Gaussian likelihood; the initial value of a learned one. None:
            likelihoods.VARIANCE.
        rng: draws the initial weights (a generator or a seed; None: fresh entropy).

    Raises ValueError for sizes below 1, a beta below 0, and whatever `make_likelihood`
    refuses.
    """

    def __init__(
        self,
        image_shape: tuple[int, int, int] = (1, 28, 28),
        hidden: int = 512,
        latent: int = 2,
        beta: float = 1.0,
        likelihood: str = "bernoulli",
        variance: float | None = None,
        rng: Any = None,
    ):
        super().__init__(latent, beta, likelihood, variance)
        check_positive("VAE", hidden=hidden)
        rng = default_rng(rng)
        pixels = math.prod(check_image_shape("VAE", image_shape))
        self.image_shape = image_shape
        self.hidden = hidden
        self.encoder = Sequential(Flatten(), Linear(pixels, hidden, rng=rng), ReLU())
        self.to_mu = Linear(hidden, latent, rng=rng)
        self.to_log_var = Linear(hidden, latent, rng=rng)
        self.decoder = Sequential(
            Linear(latent, hidden, rng=rng),
            ReLU(),
            Linear(hidden, pixels, rng=rng),
            Unflatten(1, image_shape),
        )
