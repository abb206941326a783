"""The adversarial autoencoder, dense: 784-512-2 and back, and a discriminator of codes, 2-256-256-1.

Source: Makhzani, Shlens, Jaitly & Goodfellow 2016, "Adversarial Autoencoders" (with Adam for momentum).
"""

import math
from typing import Any

from .. import functional as F
from ..backend import default_rng, standard_normal, xp_of
from ..checks import check_whole
from ..nn import Flatten, LeakyReLU, Linear, ReLU, Sequential, Unflatten, check_positive
from ..optim import Adam, Optimizer
from ..tensor import Tensor
from .base import Autoencoder, check_image_shape

PRIORS = ("gaussian", "ring")
MODES, RADIUS, STD = 10, 4.0, 0.5  # of the ring
JUDGE = 256  # units of each hidden layer of the discriminator
BETAS = (0.5, 0.999)  # Adam's, in the game: a long memory would follow where the other player no longer is


class AAE(Autoencoder):
    """An autoencoder whose codes are made to look like samples of a prior, by a game instead of a formula.

    A discriminator learns to tell codes z = encode(x) from samples of the prior; the encoder, to deceive it. Where
    it cannot tell them apart, they have one distribution. It needs samples of the prior only, never its density: the
    prior may have any shape. The discriminator sees codes, not images.

    Images x are (N, C, H, W) with values in [0, 1]; codes (N, latent); the discriminator's logits (N, 1).

    Args:
        image_shape: (C, H, W).
        hidden: units of the one hidden layer of the encoder, and of the decoder.
        latent: dimensions of the codes.
        prior: "gaussian", which is N(0, I), or "ring", ten Gaussians on a circle in the plane.
        rng: draws the initial weights (a generator or a seed; None: fresh entropy).

    Raises ValueError for sizes below 1, another prior, and a ring where latent is not 2.
    """

    def __init__(
        self,
        image_shape: tuple[int, int, int] = (1, 28, 28),
        hidden: int = 512,
        latent: int = 2,
        prior: str = "gaussian",
        rng: Any = None,
    ):
        check_positive("AAE", hidden=hidden, latent=latent)
        if prior not in PRIORS:
            raise ValueError(f"AAE: prior must be one of {', '.join(PRIORS)}, found {prior!r}")
        if prior == "ring" and latent != 2:
            raise ValueError(f"AAE: the ring lies in a plane, so latent must be 2, found {latent}")
        rng = default_rng(rng)
        pixels = math.prod(check_image_shape("AAE", image_shape))
        self.image_shape = image_shape
        self.hidden = hidden
        self.latent = latent
        self.prior = prior
        self.encoder = Sequential(Flatten(), Linear(pixels, hidden, rng=rng), ReLU(), Linear(hidden, latent, rng=rng))
        self.decoder = Sequential(
            Linear(latent, hidden, rng=rng), ReLU(), Linear(hidden, pixels, rng=rng), Unflatten(1, image_shape)
        )
        self.discriminator = Sequential(
            Linear(latent, JUDGE, rng=rng),
            LeakyReLU(0.2),
            Linear(JUDGE, JUDGE, rng=rng),
            LeakyReLU(0.2),
            Linear(JUDGE, 1, rng=rng),
        )

    def encode(self, x: Tensor) -> Tensor:
        """The code of each image: (N, latent). It is certain: the spread of the codes comes from the images alone."""
        return self.encoder(x)

    def decode(self, z: Tensor) -> Tensor:
        """The logits of every pixel being on: (N, C, H, W)."""
        return self.decoder(z)

    def images(self, z: Tensor) -> Tensor:
        """The probability of every pixel being on."""
        return F.sigmoid(self.decode(z))

    def reconstruct(self, x: Tensor) -> Tensor:
        return self.images(self.encode(x))

    def sample_prior(self, count: int, rng: Any = None) -> Tensor:
        """`count` samples of the prior, drawn from `rng`: (count, latent)."""
        check_whole("AAE: count", count, 0)
        weight = self.encoder[1].weight.data
        xp = xp_of(weight)
        rng = default_rng(rng, xp)
        noise = standard_normal(rng, like=xp.empty((count, self.latent), dtype=weight.dtype))
        if self.prior == "gaussian":
            return Tensor(noise)
        angle = (2 * math.pi / MODES) * rng.integers(MODES, size=count)
        centres = RADIUS * xp.stack([xp.cos(angle), xp.sin(angle)], axis=1)
        return Tensor(centres.astype(weight.dtype) + STD * noise)

    def reconstruction_loss(self, x: Tensor) -> Tensor:
        """-ln p(x|z) with z = encode(x): the binary cross-entropy, in nats per image."""
        return F.binary_cross_entropy_with_logits(self.decode(self.encode(x)), x, reduction="sum") / len(x)

    def discriminator_loss(self, codes: Tensor, prior: Tensor) -> tuple[Tensor, Tensor]:
        """-½ (E ln D(prior) + E ln(1 - D(codes))), in nats, and the share of both that D judges rightly.

        D = sigmoid(logit) is the probability of being from the prior. A coin would have loss ln 2 and accuracy ½.
        """
        of_prior, of_codes = self.discriminator(prior), self.discriminator(codes)
        loss = 0.5 * (F.softplus(-of_prior).mean() + F.softplus(of_codes).mean())
        right = ((of_prior.data > 0).mean() + (of_codes.data < 0).mean()) / 2
        return loss, Tensor(right.astype(loss.dtype))

    def generator_loss(self, codes: Tensor) -> Tensor:
        """-E ln D(codes), in nats: small where the discriminator takes the codes for samples of the prior.

        Not E ln(1 - D(codes)), whose slope vanishes just where D sees through every code (Goodfellow et al. 2014).
        """
        return F.softplus(-self.discriminator(codes)).mean()

    def losses(self, x: Tensor, labels: Any = None, rng: Any = None) -> dict[str, Tensor]:
        """The three losses and the discriminator's accuracy, side by side: to look at, not to minimise together."""
        codes = self.encode(x)
        judged, accuracy = self.discriminator_loss(codes, self.sample_prior(len(x), rng))
        reconstruction = self.reconstruction_loss(x)
        return {
            "loss": reconstruction,
            "reconstruction": reconstruction,
            "discriminator": judged,
            "generator": self.generator_loss(codes),
            "discriminator_accuracy": accuracy,
        }

    def optimizers(self, lr: float) -> list[Optimizer]:
        """One for each phase of a step. The encoder has two: it serves the decoder, and deceives the discriminator."""
        encoder, decoder = self.encoder.parameters(), self.decoder.parameters()
        discriminator = self.discriminator.parameters()
        return [
            Adam(encoder + decoder, lr),
            Adam(discriminator, 2 * lr, BETAS),  # faster than the encoder, which it has to follow
            Adam(encoder, lr, BETAS),
        ]

    def training_step(self, optimizers: list[Optimizer], x: Tensor, labels: Any, rng: Any) -> dict[str, Tensor]:
        """Three phases, each with its own loss, optimiser and parameters: reconstruct, discriminate, generate."""
        reconstruct, discriminate, generate = optimizers

        reconstruction = self.reconstruction_loss(x)
        learn(reconstruct, reconstruction)

        codes = self.encode(x)  # anew: the encoder has just changed
        judged, accuracy = self.discriminator_loss(codes.detach(), self.sample_prior(len(x), rng))
        learn(discriminate, judged)

        generated = self.generator_loss(codes)
        learn(generate, generated)

        return {
            "loss": reconstruction,
            "reconstruction": reconstruction,
            "discriminator": judged,
            "generator": generated,
            "discriminator_accuracy": accuracy,
        }


def learn(optimizer: Optimizer, loss: Tensor) -> None:
    """One step on one loss. What other phases have left in `.grad` is forgotten first: it is no slope of this loss."""
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
