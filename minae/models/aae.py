"""The adversarial autoencoder, dense: its codes come to look like samples of a prior.

It is 784-512-2 and back, with a discriminator of codes, 2-256-256-1.
Source: Makhzani, Shlens, Jaitly & Goodfellow 2016, "Adversarial Autoencoders" (here
with Adam instead of momentum).
"""

import math
from typing import Any

from .. import functional as F
from ..backend import default_rng, standard_normal, xp_of
from ..nn import Flatten, LeakyReLU, Linear, ReLU, Sequential, Unflatten
from ..optim import Adam, Optimizer
from ..support.argument_checks import check_positive, check_whole
from ..tensors import Tensor
from .base import Autoencoder, check_image_shape

PRIORS = ("gaussian", "ring")
MODES, RADIUS, STD = 10, 4.0, 0.5  # of the ring
JUDGE = 256  # units of each hidden layer of the discriminator
# Adam's betas in the game. With a longer memory, each player would chase where the
# other one used to be.
BETAS = (0.5, 0.999)


class AAE(Autoencoder):
    """An autoencoder whose codes are made to look like samples of a prior.

    This is done by a game instead of a formula. A discriminator learns to tell codes
    z = encode(x) from samples of the prior, and the encoder learns to deceive it. Once
    it cannot tell them apart, both have the same distribution. The game needs only
    samples of the prior, never its density, so the prior may have any shape. The
    discriminator sees codes, not images.

    Images x are (N, C, H, W) with values in [0, 1]; codes are (N, latent); the
    discriminator's logits are (N, 1).

    Args:
        image_shape: (C, H, W).
        hidden: units of the one hidden layer of the encoder, and of the decoder.
        latent: dimensions of the codes.
        prior: "gaussian", which is N(0, I), or "ring", which is ten Gaussians on a
            circle in the plane.
        rng: draws the initial weights (a generator or a seed; None: fresh entropy).

    Raises ValueError for sizes below 1, for another prior, and for a ring if latent is
    not 2.
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
            raise ValueError(
                f"AAE: prior must be one of {', '.join(PRIORS)}, found {prior!r}"
            )
        if prior == "ring" and latent != 2:
            raise ValueError(
                f"AAE: the ring lies in a plane, so latent must be 2, found {latent}"
            )
        rng = default_rng(rng)
        pixels = math.prod(check_image_shape("AAE", image_shape))
        self.image_shape = image_shape
        self.hidden = hidden
        self.latent = latent
        self.prior = prior
        self.encoder = Sequential(
            Flatten(),
            Linear(pixels, hidden, rng=rng),
            ReLU(),
            Linear(hidden, latent, rng=rng),
        )
        self.decoder = Sequential(
            Linear(latent, hidden, rng=rng),
            ReLU(),
            Linear(hidden, pixels, rng=rng),
            Unflatten(1, image_shape),
        )
        self.discriminator = Sequential(
            Linear(latent, JUDGE, rng=rng),
            LeakyReLU(0.2),
            Linear(JUDGE, JUDGE, rng=rng),
            LeakyReLU(0.2),
            Linear(JUDGE, 1, rng=rng),
        )

    def encode(self, x: Tensor) -> Tensor:
        """The code of each image: (N, latent).

        It is deterministic: the spread of the codes comes from the images alone.
        """
        return self.encoder(x)

    def decode(self, z: Tensor) -> Tensor:
        """The logit of each pixel being on: (N, C, H, W)."""
        return self.decoder(z)

    def images(self, z: Tensor) -> Tensor:
        """The probability of each pixel being on."""
        return F.sigmoid(self.decode(z))

    def reconstruct(self, x: Tensor) -> Tensor:
        return self.images(self.encode(x))

    def sample_prior(self, count: int, rng: Any = None) -> Tensor:
        """`count` samples of the prior, drawn from `rng`: (count, latent)."""
        check_whole("AAE: count", count, 0)
        weight = self.encoder[1].weight.data
        xp = xp_of(weight)
        rng = default_rng(rng, xp)
        noise = standard_normal(
            rng, like=xp.empty((count, self.latent), dtype=weight.dtype)
        )
        if self.prior == "gaussian":
            return Tensor(noise)
        angle = (2 * math.pi / MODES) * rng.integers(MODES, size=count)
        centres = RADIUS * xp.stack([xp.cos(angle), xp.sin(angle)], axis=1)
        return Tensor(centres.astype(weight.dtype) + STD * noise)

    def reconstruction_loss(self, x: Tensor) -> Tensor:
        """-ln p(x|z) with z = encode(x), in nats per image: binary cross-entropy."""
        logits = self.decode(self.encode(x))
        total = F.binary_cross_entropy_with_logits(logits, x, reduction="sum")
        return total / len(x)

    def discriminator_loss(self, codes: Tensor, prior: Tensor) -> tuple[Tensor, Tensor]:
        """-½ (E ln D(prior) + E ln(1 - D(codes))), in nats, and D's accuracy.

        D = sigmoid(logit) is the probability of coming from the prior. The accuracy is
        the share of codes and prior samples that D judges correctly. A coin toss would
        give loss ln 2 and accuracy ½.
        """
        of_prior, of_codes = self.discriminator(prior), self.discriminator(codes)
        loss = 0.5 * (F.softplus(-of_prior).mean() + F.softplus(of_codes).mean())
        right = ((of_prior > 0).mean() + (of_codes < 0).mean()) / 2
        return loss, Tensor(right.astype(loss.dtype))

    def generator_loss(self, codes: Tensor) -> Tensor:
        """-E ln D(codes), in nats: small if D takes the codes for samples of the prior.

        It is not E ln(1 - D(codes)), whose slope vanishes exactly where D sees through
        every code (Goodfellow et al. 2014).
        """
        return F.softplus(-self.discriminator(codes)).mean()

    def losses(
        self, x: Tensor, labels: Any = None, rng: Any = None
    ) -> dict[str, Tensor]:
        """The three losses and the discriminator's accuracy.

        They are for looking at, not for minimising together.
        """
        codes = self.encode(x)
        judged, accuracy = self.discriminator_loss(
            codes, self.sample_prior(len(x), rng)
        )
        reconstruction = self.reconstruction_loss(x)
        return {
            "loss": reconstruction,
            "reconstruction": reconstruction,
            "discriminator": judged,
            "generator": self.generator_loss(codes),
            "discriminator_accuracy": accuracy,
        }

    def optimizers(self, lr: float) -> list[Optimizer]:
        """One optimiser for each phase of a step.

        The encoder has two: it serves the decoder, and it deceives the discriminator.
        """
        encoder, decoder = self.encoder.parameters(), self.decoder.parameters()
        discriminator = self.discriminator.parameters()
        return [
            Adam(encoder + decoder, lr),
            # The discriminator learns faster than the encoder that it has to follow.
            Adam(discriminator, 2 * lr, BETAS),
            Adam(encoder, lr, BETAS),
        ]

    def training_step(
        self, optimizers: list[Optimizer], x: Tensor, labels: Any, rng: Any
    ) -> dict[str, Tensor]:
        """One step in three phases: reconstruct, discriminate, generate.

        Each phase has its own loss, optimiser and parameters.
        """
        reconstruct, discriminate, generate = optimizers

        reconstruction = self.reconstruction_loss(x)
        learn(reconstruct, reconstruction)

        prior = self.sample_prior(len(x), rng)
        codes = self.encode(x)  # again, because the encoder has just changed
        judged, accuracy = self.discriminator_loss(codes.detach(), prior)
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
    """One step on one loss.

    Whatever other phases left in `.grad` is forgotten first: it is not from this loss.
    """
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
