"""The conditional variational autoencoder, dense: it is told the label of each image.

By default it is (784 + label)-512-(2, 2), (2 + label)-512-784.
Sources: Sohn, Lee & Yan 2015, "Learning Structured Output Representation using Deep
Conditional Generative Models"; Kingma, Rezende, Mohamed & Welling 2014,
"Semi-Supervised Learning with Deep Generative Models" (M2, all labels known).
"""

import math
from typing import Any

import numpy as np

from .. import functional as F
from ..backend import Array, default_rng, xp_of
from ..nn import Linear, Module
from ..support.argument_checks import check_number, check_positive, check_whole
from ..tensors import Tensor
from .base import Autoencoder, check_image_shape
from .likelihoods import Bernoulli
from .vae import log_prior_ratio, noise, repeated


class CVAE(Autoencoder):
    """A VAE that is told the label y of each image.

    q(z|x, y) = N(mu, diag exp(log_var)),   p(x|z, y) = Bernoulli,   prior N(0, I).
    The decoder knows the label, so z need not contain it. What is left for z is style,
    and any style goes with any label.

    Images x are (N, C, H, W) with values in [0, 1]; labels are (N,) integers; mu,
    log_var and z are (N, latent).

    Args:
        image_shape: (C, H, W).
        hidden: units of the one hidden layer of the encoder, and of the decoder.
        latent: dimensions of z.
        beta: weight of the KL term in the training loss; 1 makes the loss the negative
            ELBO of p(x|y).
        classes: how many labels there are, from 0 on.
        rng: draws the initial weights (a generator or a seed; None: fresh entropy).

    Raises ValueError for sizes below 1 and for a beta below 0. Its methods raise
    ValueError for labels that are missing, not one for each image, or outside
    0 ... classes - 1. On a GPU the last check would mean waiting for the device, so
    there such a label counts as none.
    """

    def __init__(
        self,
        image_shape: tuple[int, int, int] = (1, 28, 28),
        hidden: int = 512,
        latent: int = 2,
        beta: float = 1.0,
        classes: int = 10,
        rng: Any = None,
    ):
        check_positive("CVAE", hidden=hidden, latent=latent, classes=classes)
        check_number("CVAE: beta", beta, 0)
        rng = default_rng(rng)
        pixels = math.prod(check_image_shape("CVAE", image_shape))
        self.image_shape = image_shape
        self.hidden = hidden
        self.latent = latent
        self.beta = beta
        self.likelihood = Bernoulli()
        self.classes = classes
        self.encoder = LabelledLinear(pixels, hidden, classes, rng)
        self.to_mu = Linear(hidden, latent, rng=rng)
        self.to_log_var = Linear(hidden, latent, rng=rng)
        self.decoder = LabelledLinear(latent, hidden, classes, rng)
        self.to_logits = Linear(hidden, pixels, rng=rng)

    def encode(self, x: Tensor, labels: Array) -> tuple[Tensor, Tensor]:
        """The posterior's parameters: mu and log_var, each (N, latent)."""
        h = F.relu(self.encoder(x.flatten(1), labels))
        return self.to_mu(h), self.to_log_var(h)

    def decode(self, z: Tensor, labels: Array) -> Tensor:
        """The logit of each pixel being on: (N, C, H, W)."""
        h = F.relu(self.decoder(z, labels))
        return self.to_logits(h).reshape(-1, *self.image_shape)

    def forward(
        self, x: Tensor, labels: Array, eps: Any = None, rng: Any = None
    ) -> tuple[Tensor, Tensor, Tensor]:
        """(logits, mu, log_var) for one sample z ~ q(z|x, y).

        The sample is made from the noise `eps`, or from noise drawn with `rng`.
        """
        mu, log_var = self.encode(x, labels)
        z = F.reparameterize(mu, log_var, eps, rng)
        return self.decode(z, labels), mu, log_var

    def losses(
        self, x: Tensor, labels: Any = None, rng: Any = None, eps: Any = None
    ) -> dict[str, Tensor]:
        """The loss and its two parts, in nats per image.

        All are summed over pixels and latents, and averaged over the N images:
        reconstruction = -E_q[ln p(x|z, y)] (one sample),   kl = KL(q(z|x, y) || p(z)),
        loss = reconstruction + beta * kl. With beta = 1, this is an upper bound on
        -ln p(x|y).
        """
        logits, mu, log_var = self(x, labels, eps, rng)
        n = len(x)
        reconstruction = (
            F.binary_cross_entropy_with_logits(logits, x, reduction="sum") / n
        )
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

        ln w = ln p(x|z, y) + ln p(z) - ln q(z|x, y), for `samples` draws of z for each
        image. E[ln w] is the ELBO, and E[w] = p(x|y).
        """
        check_whole("CVAE: samples", samples, 1)
        eps = noise(x, (samples, len(x), self.latent), rng)
        mu, log_var = self.encode(x, labels)
        z = mu + (0.5 * log_var).exp() * eps
        every_label = xp_of(labels).tile(labels, samples)
        logits = self.decode(z.reshape(-1, self.latent), every_label)
        log_likelihood = self.likelihood.log_prob(logits, repeated(x, samples))
        ratio = log_prior_ratio(z, eps, log_var)
        return log_likelihood.reshape(ratio.shape) + ratio

    def images(self, z: Tensor, labels: Array) -> Tensor:
        """The mean image of each code and label: how likely each pixel is to be on."""
        return F.sigmoid(self.decode(z, labels))

    def reconstruct(self, x: Tensor, labels: Array) -> Tensor:
        """The mean image of each image's mean code mu, without sampling."""
        mu, _ = self.encode(x, labels)
        return self.images(mu, labels)


class LabelledLinear(Module):
    """A linear layer that sees a label beside its input: y = W x + b + V onehot(label).

    This is the same as a layer of x and onehot(label) put side by side, because
    [W V] [x; onehot(label)] = W x + V onehot(label).
    Shapes: x (N, in_features), labels (N,) integers from 0 to classes - 1
    -> (N, out_features).
    """

    def __init__(
        self, in_features: int, out_features: int, classes: int, rng: Any = None
    ):
        rng = default_rng(rng)
        self.classes = classes
        self.of_input = Linear(in_features, out_features, rng=rng)
        self.of_label = Linear(classes, out_features, bias=False, rng=rng)

    def forward(self, x: Tensor, labels: Array) -> Tensor:
        if getattr(labels, "shape", None) != x.shape[:1]:
            found = "none" if labels is None else f"shape {np.shape(labels)}"
            raise ValueError(
                f"LabelledLinear: expected one label for each of {len(x)} inputs, "
                f"found {found}"
            )
        label = Tensor(one_hot(labels, self.classes, x.dtype))
        return self.of_input(x) + self.of_label(label)


def one_hot(labels: Array, classes: int, dtype: Any) -> Array:
    """Rows with 1 in the column that the label names, and 0 elsewhere.

    Shapes: labels (N,) integers -> (N, classes) of `dtype`.
    """
    xp = xp_of(labels)
    if labels.dtype.kind not in "iu":
        raise TypeError(
            f"one_hot: expected whole numbers for labels, found {labels.dtype}"
        )
    chosen = labels[:, None] == xp.arange(classes)
    if xp is np:  # on a GPU, this check would mean waiting for the device
        outside = ~chosen.any(axis=1)
        if outside.any():
            raise ValueError(
                f"one_hot: expected labels from 0 to {classes - 1}, "
                f"found {labels[outside][0]}"
            )
    return chosen.astype(dtype)
