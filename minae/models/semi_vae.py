"""The VAE that learns to read from few labels, and many images without one.

It is a VAE of images on top of which a conditional VAE describes the codes.
Source: Kingma, Rezende, Mohamed & Welling 2014, "Semi-Supervised Learning with Deep
Generative Models" (M1+M2). There M1, the VAE, is trained first, with a prior N(0, I),
and M2 then learns from its codes. Here both are trained together by one bound, and M2
is M1's prior. Images are moved a little in training.
"""

import math
from typing import Any

import numpy as np

from .. import functional as F
from ..backend import Array, default_rng, xp_of
from ..data.few_labels import UNKNOWN
from ..nn import Linear, ReLU, Sequential
from ..optim import Optimizer
from ..support.argument_checks import check_number, check_positive, check_whole
from ..tensors import Tensor
from .base import Autoencoder, check_image_shape
from .classifier import moved
from .cvae import LabelledLinear, one_hot
from .likelihoods import Likelihood
from .vae import VAE, log_prior_ratio, noise, repeated

SHIFT = 1  # the most pixels by which a training batch is moved in each direction


class SemiVAE(Autoencoder):
    """A VAE whose prior has a label y, and that learns from images with and without.

    Three things are not seen: the label y, the style z2 and the code z1 of an image x.

    p(x, z1, z2, y) = p(y) p(z2) p(z1|z2, y) p(x|z1)
    q(z1, z2, y|x) = q(z1|x) q(y|z1) q(z2|z1, y)

    p(y) = 1 / classes, p(z2) = N(0, I), p(x|z1) = Bernoulli; q(y|z1) is a classifier;
    the others are normal distributions, N(mean, diag exp(log_var)), whose parameters
    are read off by networks. With z1 ~ q(z1|x), a known label y has the loss

    L(x, y) = E[-ln p(x|z1) + ln q(z1|x) + C(z1, y)]  >=  -ln p(x|y)
    C(z1, y) = E[-ln p(z1|z2, y)] + KL(q(z2|z1, y) || p(z2)),   z2 ~ q(z2|z1, y).

    C is the loss of a conditional VAE whose data are the codes. Where the label is not
    known, the classifier guesses it, and as there are few classes, the mean over all
    guesses is taken exactly:

    U(x) = E[-ln p(x|z1) + ln q(z1|x) + Σ_y q(y|z1) C(z1, y) + KL(q(y|z1) || p(y))]
         >=  -ln p(x),       KL(q(y|z1) || p(y)) = ln classes - H(q(y|z1))

    for the entropy H. So a guess is good if the code is likely given that label, and
    certain only as far as it must be. Only the small networks of C are asked for every
    label; those of the images are not. The known labels do not teach the classifier in
    L, so its cross-entropy is added:

    loss = mean of L(x, y) - alpha ln q(y|z1) where y is known, of U(x) where it is not.

    Images x are (N, C, H, W) with values in [0, 1]; labels are (N,) integers,
    `minae.data.few_labels.UNKNOWN` (-1) where they are not known; z1 is (N, code), z2
    is (N, latent). Methods that are given no labels take those that the classifier
    reads.

    Args:
        image_shape: (C, H, W).
        hidden: units of the one hidden layer of each network of images.
        code: dimensions of z1.
        code_hidden: units of the one hidden layer of each network of codes.
        latent: dimensions of z2, the style.
        alpha: weight of the classifier's cross-entropy.
        classes: how many labels there are, from 0 on.
        rng: draws the initial weights (a generator or a seed; None: fresh entropy).

    Raises ValueError for sizes below 1 and for an alpha below 0. Its methods raise
    ValueError for labels that are not one for each image, or that do not exist; on a
    GPU, where that check would mean waiting, such a label counts as none.
    """

    def __init__(
        self,
        image_shape: tuple[int, int, int] = (1, 28, 28),
        hidden: int = 512,
        code: int = 50,
        code_hidden: int = 256,
        latent: int = 10,
        alpha: float = 30.0,
        classes: int = 10,
        rng: Any = None,
    ):
        sizes = {"hidden": hidden, "code": code, "code_hidden": code_hidden}
        check_positive("SemiVAE", **sizes, latent=latent, classes=classes)
        check_number("SemiVAE: alpha", alpha, 0)
        check_image_shape("SemiVAE", image_shape)
        rng = default_rng(rng)
        self.image_shape = image_shape
        self.hidden = hidden
        self.code = code
        self.code_hidden = code_hidden
        self.latent = latent
        self.alpha = alpha
        self.classes = classes
        self.vae = VAE(image_shape, hidden, code, rng=rng)
        self.classifier = Sequential(
            Linear(code, code_hidden, rng=rng),
            ReLU(),
            Linear(code_hidden, classes, rng=rng),
        )
        self.encoder = LabelledLinear(code, code_hidden, classes, rng)
        self.to_mu = Linear(code_hidden, latent, rng=rng)
        self.to_log_var = Linear(code_hidden, latent, rng=rng)
        self.decoder = LabelledLinear(latent, code_hidden, classes, rng)
        self.to_code_mu = Linear(code_hidden, code, rng=rng)
        self.to_code_log_var = Linear(code_hidden, code, rng=rng)

    @property
    def likelihood(self) -> Likelihood:
        """That of the pixels, p(x|z1)."""
        return self.vae.likelihood

    def read(self, x: Tensor) -> Array:
        """The likeliest label of each image, by q(y|z1) at its mean code: (N,)."""
        mu, _ = self.vae.encode(x)
        return self.classifier(mu).data.argmax(axis=1)

    def encode(self, x: Tensor, labels: Any = None) -> tuple[Tensor, Tensor]:
        """The style: mu and log_var of q(z2|z1, y) at the mean z1, (N, latent) each."""
        mu, _ = self.vae.encode(x)
        labels = self.read(x) if labels is None else labels
        h = F.relu(self.encoder(mu, labels))
        return self.to_mu(h), self.to_log_var(h)

    def decode_style(self, z2: Tensor, labels: Array) -> tuple[Tensor, Tensor]:
        """The mean and log_var of p(z1|z2, y): (N, code) each."""
        h = F.relu(self.decoder(z2, labels))
        return self.to_code_mu(h), self.to_code_log_var(h)

    def forward(
        self, x: Tensor, labels: Any = None, eps: Any = None, rng: Any = None
    ) -> tuple[Tensor, Tensor, Tensor]:
        """(logits, mu, log_var): all the way to a sample z2 ~ q(z2|z1, y) and back.

        On both ways z1 is the mean. z2 is made from the noise `eps`, or from noise
        drawn with `rng`; mu and log_var are those of z2.
        """
        labels = self.read(x) if labels is None else labels
        mu, log_var = self.encode(x, labels)
        code, _ = self.decode_style(F.reparameterize(mu, log_var, eps, rng), labels)
        return self.vae.decode(code), mu, log_var

    def images(self, z2: Tensor, labels: Array) -> Tensor:
        """The mean image of the mean code of each style and label: (N, C, H, W)."""
        code, _ = self.decode_style(z2, labels)
        return self.vae.images(code)

    def reconstruct(self, x: Tensor, labels: Any = None) -> Tensor:
        """The mean image of each image's mean z1, in which the label is already."""
        return self.vae.reconstruct(x)

    def losses(
        self, x: Tensor, labels: Any = None, rng: Any = None, eps: Any = None
    ) -> dict[str, Tensor]:
        """The loss and its parts, in nats per image, and how many labels are misread.

        All are averaged over the N images: loss = reconstruction + kl +
        alpha * cross_entropy. The reconstruction is -E_q[ln p(x|z1)] and the kl all the
        rest of L or U: that of z1 and z2 together and, for an unknown label, of y.
        The cross_entropy is 0 for an unknown label, and "misread" is the share of
        images whose label is known, and not what the classifier reads.

        A known label is a q(y|z1) that is certain. So one sum over all labels serves
        both kinds of images, and which are of which kind need not be looked up.
        z1 and z2 are made from the noise `eps` (N, code + latent), or from noise drawn
        with `rng`: one sample of z1, and with each label one of z2.
        """
        n = len(x)
        told, unknown = self._told(labels, x)
        eps = self._noise(x, (n,), rng) if eps is None else Tensor(eps)
        z1, log_q_z1 = self._sampled_code(x, eps[:, : self.code])
        reconstruction = -self.likelihood.log_prob(self.vae.decode(z1), x).sum() / n
        log_q = F.log_softmax(self.classifier(z1), axis=1)
        guess = unknown * log_q.exp()
        kl = (log_q_z1.sum() + ((told + guess) * self.costs(z1, eps)).sum()) / n
        kl = kl + (guess * (log_q + math.log(self.classes))).sum() / n
        cross_entropy = -(told * log_q).sum() / n
        less_likely = (log_q < log_q.max(axis=1, keepdims=True)).astype(x.dtype)
        return {
            "loss": reconstruction + kl + self.alpha * cross_entropy,
            "reconstruction": reconstruction,
            "kl": kl,
            "cross_entropy": cross_entropy,
            "misread": (told * less_likely).sum() / n,
        }

    def costs(self, z1: Tensor, eps: Tensor) -> Tensor:
        """C(z1, y) of each code with each label: (N, classes).

        One noise eps (N, code + latent) serves all labels of a code: so their costs
        differ by the labels alone.
        """
        log_p, _, mu, log_var = self._with_every_label(z1, eps)
        rows = (len(z1) * self.classes, self.latent)
        kl = F.gaussian_kl(mu.reshape(*rows), log_var.reshape(*rows))
        return kl.reshape(log_p.shape) - log_p

    def log_weights(
        self, x: Tensor, samples: int, rng: Any = None, labels: Any = None
    ) -> Tensor:
        """The logarithms ln w of the importance weights of sampled codes: (samples, N).

        w = p(x|z1) / q(z1|x) Σ_y p(y) p(z1|z2, y) p(z2) / q(z2|z1, y), for `samples`
        draws of z1 for each image, and one of z2 with each label. E[w] = p(x). The
        labels are summed over, so those given are not read, and E[ln w] is the bound
        that the best possible classifier would give.
        """
        check_whole("SemiVAE: samples", samples, 1)
        many = repeated(x, samples)
        eps = self._noise(x, (samples, len(x)), rng).reshape(len(many), -1)
        z1, log_q_z1 = self._sampled_code(many, eps[:, : self.code])
        log_p, z2, _, log_var = self._with_every_label(z1, eps)
        ratio = log_prior_ratio(z2, eps[:, None, self.code :], log_var)
        log_p_z1 = F.logsumexp(log_p + ratio, axis=1) - math.log(self.classes)
        log_likelihood = self.likelihood.log_prob(self.vae.decode(z1), many)
        return (log_likelihood + log_p_z1 - log_q_z1).reshape(samples, len(x))

    def training_step(
        self, optimizers: list[Optimizer], x: Tensor, labels: Any, rng: Any
    ) -> dict[str, Tensor]:
        """A step on the batch moved by up to SHIFT pixels: so few labels go further."""
        return super().training_step(optimizers, moved(x, SHIFT, rng), labels, rng)

    def _noise(self, x: Tensor, sizes: tuple[int, ...], rng: Any) -> Tensor:
        """Noise for z1 and, in the last columns, for z2."""
        return noise(x, (*sizes, self.code + self.latent), rng)

    def _sampled_code(self, x: Tensor, eps: Tensor) -> tuple[Tensor, Tensor]:
        """z1 ~ q(z1|x), and ln q(z1|x): (N, code) and (N,)."""
        mu, log_var = self.vae.encode(x)
        z1 = mu + (0.5 * log_var).exp() * eps
        return z1, log_normal(z1, mu, log_var)

    def _with_every_label(self, z1: Tensor, eps: Tensor) -> tuple[Tensor, ...]:
        """ln p(z1|z2, y) and z2 ~ q(z2|z1, y), with its mu and log_var, for each y.

        Shapes: z1 (N, code), eps (N, code + latent) -> (N, classes), and three of
        (N, classes, latent).
        """
        z1 = z1.reshape(-1, 1, self.code)
        h = F.relu(self.encoder.with_every_label(z1))
        mu, log_var = self.to_mu(h), self.to_log_var(h)
        z2 = mu + (0.5 * log_var).exp() * eps[:, None, self.code :]
        h = F.relu(self.decoder.with_every_label(z2))
        log_p = log_normal(z1, self.to_code_mu(h), self.to_code_log_var(h))
        return log_p, z2, mu, log_var

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


def log_normal(z: Tensor, mu: Tensor, log_var: Tensor) -> Tensor:
    """ln N(z; mu, diag exp(log_var)), summed over the last axis.

    -½ Σ (ln 2π + log_var + (z - mu)² / exp(log_var))
    """
    away = z - mu
    squares = away * away * (-log_var).exp()
    return -0.5 * (squares + log_var + math.log(2 * math.pi)).sum(axis=-1)
