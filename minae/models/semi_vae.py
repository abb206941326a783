"""The conditional VAE that learns from few labels, and many images without one.

It is a CVAE and a classifier. Where a label is not known, the classifier's guess takes
its place: q(y|x) beside q(z|x, y).
Source: Kingma, Rezende, Mohamed & Welling 2014, "Semi-Supervised Learning with Deep
Generative Models" (M2; here with convolutions and dropout in the classifier, and images
that are moved a little).
"""

import math
from typing import Any

import numpy as np

from .. import functional as F
from ..backend import Array, default_rng, standard_normal, xp_of
from ..data.few_labels import UNKNOWN
from ..nn import Conv2d, Dropout, Flatten, Linear, ReLU, Sequential
from ..optim import Optimizer
from ..support.argument_checks import check_number
from ..tensors import Tensor
from .classifier import moved
from .cvae import CVAE, one_hot

SHIFT = 2  # the most pixels by which a training batch is moved in each direction
FEATURES = 128  # units of the classifier's last hidden layer
DROPPED = 0.5  # share of the inputs of its dense layers that is dropped in training


class SemiVAE(CVAE):
    """A CVAE that also learns from images whose label it is not told.

    An image with the label y has the CVAE's loss:

    L(x, y) = -E_q[ln p(x|z, y)] + KL(q(z|x, y) || p(z))  >=  -ln p(x|y)

    Without a label, y is a second thing that is not seen, beside z. The classifier
    q(y|x) guesses it, and as there are few classes, the mean over all guesses is taken
    exactly, here with p(y) = 1 / classes:

    U(x) = Σ_y q(y|x) L(x, y) + KL(q(y|x) || p(y))  >=  -ln p(x)

    with KL(q(y|x) || p(y)) = ln classes - H(q(y|x)), for the entropy H. So a guess is
    good if the image is likely given that label, and certain only as far as it must be.
    The known labels do not teach the classifier in L, so its cross-entropy is added:

    loss = mean of L(x, y) - alpha ln q(y|x) where y is known, of U(x) where it is not.

    Labels are (N,) integers, `minae.data.few_labels.UNKNOWN` (-1) where they are not
    known. Methods that are given no labels take those that the classifier reads.

    Args:
        image_shape: (C, H, W).
        hidden: units of the one hidden layer of the encoder, and of the decoder.
        latent: dimensions of z.
        alpha: weight of the classifier's cross-entropy.
        classes: how many labels there are, from 0 on.
        rng: draws the initial weights (a generator or a seed; None: fresh entropy).

    Raises ValueError whenever `CVAE` does, and for an alpha below 0.
    """

    def __init__(
        self,
        image_shape: tuple[int, int, int] = (1, 28, 28),
        hidden: int = 256,
        latent: int = 50,
        alpha: float = 300.0,
        classes: int = 10,
        rng: Any = None,
    ):
        rng = default_rng(rng)
        super().__init__(image_shape, hidden, latent, classes=classes, rng=rng)
        check_number("SemiVAE: alpha", alpha, 0)
        self.alpha = alpha
        channels, height, width = image_shape
        rest = math.ceil(height / 4) * math.ceil(width / 4)  # after two strides of 2
        self.classifier = Sequential(
            Conv2d(channels, 16, 5, stride=2, padding=2, rng=rng),
            ReLU(),
            Conv2d(16, 32, 5, stride=2, padding=2, rng=rng),
            ReLU(),
            Flatten(),
            Dropout(DROPPED),
            Linear(32 * rest, FEATURES, rng=rng),
            ReLU(),
            Dropout(DROPPED),
            Linear(FEATURES, classes, rng=rng),
        )

    def read(self, x: Tensor) -> Array:
        """The label of each image that the classifier finds likeliest: (N,).

        In training mode it guesses with a part of its network dropped: see `eval`.
        """
        return self.classifier(x).data.argmax(axis=1)

    def encode(self, x: Tensor, labels: Any = None) -> tuple[Tensor, Tensor]:
        return super().encode(x, self.read(x) if labels is None else labels)

    def forward(
        self, x: Tensor, labels: Any = None, eps: Any = None, rng: Any = None
    ) -> tuple[Tensor, Tensor, Tensor]:
        labels = self.read(x) if labels is None else labels
        return super().forward(x, labels, eps, rng)

    def reconstruct(self, x: Tensor, labels: Any = None) -> Tensor:
        return super().reconstruct(x, self.read(x) if labels is None else labels)

    def losses(
        self, x: Tensor, labels: Any = None, rng: Any = None, eps: Any = None
    ) -> dict[str, Tensor]:
        """The loss and its parts, in nats per image, and how many labels are misread.

        All are averaged over the N images: loss = reconstruction + kl +
        alpha * cross_entropy. The kl is that of z and, for an unknown label, of y.
        The cross_entropy is 0 for an unknown label, and "misread" is the share of
        images whose label is known, and not what the classifier reads.

        A known label is a q(y|x) that is certain. So one sum over all labels serves
        both kinds of images, and which are of which kind need not be looked up.
        """
        n = len(x)
        told, unknown = self._told(labels, x)
        log_q = F.log_softmax(self.classifier(x), axis=1)
        guess = unknown * log_q.exp()
        if eps is None:
            like = xp_of(labels).empty((n, self.latent), dtype=x.dtype)
            eps = standard_normal(rng, like=like)
        reconstruction, kl = self.bounds(x, eps)
        reconstruction = ((told + guess) * reconstruction).sum() / n
        kl_of_guess = guess * (log_q + math.log(self.classes))
        kl = ((told + guess) * kl + kl_of_guess).sum() / n
        cross_entropy = -(told * log_q).sum() / n
        less_likely = (log_q < log_q.max(axis=1, keepdims=True)).astype(x.dtype)
        return {
            "loss": reconstruction + kl + self.alpha * cross_entropy,
            "reconstruction": reconstruction,
            "kl": kl,
            "cross_entropy": cross_entropy,
            "misread": (told * less_likely).sum() / n,
        }

    def bounds(self, x: Tensor, eps: Array) -> tuple[Tensor, Tensor]:
        """Both parts of L(x, y), for each image with each label: (N, classes) each.

        One noise eps (N, latent) serves all labels of an image: so their bounds differ
        by the labels alone. For a Bernoulli with the logit l, -ln p(x) is
        softplus(l) - x l.
        """
        n, pixels = len(x), x.flatten(1)
        h = F.relu(self.encoder.with_every_label(pixels.reshape(n, 1, -1)))
        mu, log_var = self.to_mu(h), self.to_log_var(h)
        z = mu + (0.5 * log_var).exp() * Tensor(eps[:, None])
        h = F.relu(self.decoder.with_every_label(z))
        logits = self.to_logits(h)
        costs = F.softplus(logits) - logits * pixels.reshape(n, 1, -1)
        rows = (n * self.classes, self.latent)
        kl = F.gaussian_kl(mu.reshape(*rows), log_var.reshape(*rows))
        return costs.sum(axis=2), kl.reshape(n, self.classes)

    def training_step(
        self, optimizers: list[Optimizer], x: Tensor, labels: Any, rng: Any
    ) -> dict[str, Tensor]:
        """A step on the batch moved by up to SHIFT pixels: so few labels go further."""
        return super().training_step(optimizers, moved(x, SHIFT, rng), labels, rng)

    def _told(self, labels: Any, x: Tensor) -> tuple[Tensor, Tensor]:
        """The known labels as rows with a 1, and a 1 for each unknown one: (N, 1)."""
        if getattr(labels, "shape", None) != x.shape[:1]:
            found = "none" if labels is None else f"shape {np.shape(labels)}"
            raise ValueError(
                f"SemiVAE: expected a label for each of {len(x)} images, {UNKNOWN} "
                f"where it is not known, found {found}"
            )
        known = (labels != UNKNOWN)[:, None]
        labels = xp_of(labels).where(known[:, 0], labels, 0)
        told = one_hot(labels, self.classes, x.dtype) * known
        return Tensor(told), Tensor((~known).astype(x.dtype))
