"""The importance-weighted autoencoder: a VAE trained by a tighter bound on ln p(x).

By default it is 784-200-200-(50, 50)-200-200-784, with tanh.
Sources: Burda, Grosse & Salakhutdinov 2016, "Importance Weighted Autoencoders" (their
model with one stochastic layer); Tucker, Lawson, Gu & Maddison 2019, "Doubly
Reparameterized Gradient Estimators for Monte Carlo Objectives".
"""

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from .. import functional as F
from ..backend import Array, default_rng, uniform, xp_of
from ..nn import Flatten, Linear, Module, Sequential, Tanh, Unflatten
from ..support.argument_checks import check_positive
from ..tensors import Tensor
from .base import check_image_shape
from .vae import VariationalAutoencoder, log_prior_ratio, noise

GRADIENTS = ("standard", "doubly-reparameterised")
CODES = 8192  # how many a step decodes at once, if one image has not more


class IWAE(VariationalAutoencoder):
    """A VAE that is trained by the importance-weighted bound of k samples,

    L_k = ln((1/k) Σ_i w_i) <= ln p(x),   w_i = p(x, z_i) / q(z_i|x),   z_i ~ q(z|x),

    where the inequality holds in expectation. L_1 is the ELBO, with its KL sampled too.
    There, each sample that explains the image badly is paid for. With k of them, a good
    one is enough; so q may be wider, and more latents stay in use.

    Its gradient is that of logsumexp: ∇L_k = Σ_i v_i ∇ln w_i, with the normalised
    weights v_i = w_i / Σ_j w_j. gradient="doubly-reparameterised" trains by another
    estimate of the same expectation, which varies less where q is near the posterior:
    see `backward`.

    The likelihood is Bernoulli's, for black and white images. Grey ones are binarised
    whenever `losses` are computed: each pixel becomes 1 with the probability of its
    grey value, drawn anew from `rng`. Black and white ones stay as they are.

    Args:
        image_shape: (C, H, W).
        hidden: units of each hidden layer from the image to the code; the decoder
            mirrors them.
        latent: dimensions of z.
        k: how many z are sampled for an image.
        gradient: "standard" or "doubly-reparameterised".
        rng: draws the initial weights (a generator or a seed; None: fresh entropy).

    Raises ValueError for sizes or a k below 1, and for another gradient.
    """

    decoder: Sequential

    def __init__(
        self,
        image_shape: tuple[int, int, int] = (1, 28, 28),
        hidden: Sequence[int] = (200, 200),
        latent: int = 50,
        k: int = 5,
        gradient: str = "standard",
        rng: Any = None,
    ):
        super().__init__(latent, 1.0, "bernoulli", None)
        if not isinstance(hidden, tuple | list):
            raise TypeError(
                f"IWAE: hidden must be a list of whole numbers, found {hidden!r}"
            )
        units = {f"hidden[{i}]": size for i, size in enumerate(hidden)}
        check_positive("IWAE", k=k, **units)
        if gradient not in GRADIENTS:
            raise ValueError(
                f"IWAE: gradient must be one of {', '.join(GRADIENTS)}, "
                f"found {gradient!r}"
            )
        rng = default_rng(rng)
        down = [math.prod(check_image_shape("IWAE", image_shape)), *hidden]
        up = [latent, *down[:0:-1]]
        self.image_shape = image_shape
        self.hidden = tuple(hidden)
        self.k = k
        self.gradient = gradient
        self.at_once = max(1, min(IWAE.at_once, CODES // k))
        self.encoder = Sequential(Flatten(), *_tanh_layers(down, rng))
        self.to_mu = Linear(down[-1], latent, rng=rng)
        self.to_log_var = Linear(down[-1], latent, rng=rng)
        self.decoder = Sequential(
            *_tanh_layers(up, rng),
            Linear(up[-1], down[0], rng=rng),
            Unflatten(1, image_shape),
        )

    def start_from(self, inputs: Array) -> None:
        """Let the decoder begin at the mean image: its last biases become its logits.

        A pixel that is never on needs a bias of -7 or so. Adam at 1e-3 gets there in
        7000 steps, a dozen epochs of MNIST, and until then such pixels hide all else.
        Source: the code of Burda et al., with means clipped to [0.001, 0.999].
        """
        xp = xp_of(inputs)
        mean = inputs.mean(axis=0, dtype="float64").ravel()
        mean = xp.clip(mean, 0.001, 0.999)
        bias = self.decoder[-2].bias
        bias.data = (xp.log(mean) - xp.log(1 - mean)).astype(bias.dtype)

    def losses(
        self, x: Tensor, labels: Any = None, rng: Any = None, eps: Any = None
    ) -> dict[str, Tensor]:
        """The loss, and the parts of the negative ELBO, in nats per image.

        All are averaged over the N images:
        loss = negative_bound = -L_k,   kl = KL(q(z|x) || p(z)),
        reconstruction = -E_q[ln p(x|z)] (by the same k samples).

        The samples are made from the noise `eps` (k, N, latent), or from noise drawn
        with `rng`.
        """
        rng = default_rng(rng, xp_of(x.data))
        x = binarised(x, rng)
        eps = self._noise(x, rng) if eps is None else Tensor(eps)
        mu, log_var = self.encode(x)
        z = mu + (0.5 * log_var).exp() * eps
        losses, _ = self._bound(x, z, eps, mu, log_var)
        return losses

    def backward(
        self, x: Tensor, labels: Any, rng: Any, share: float = 1.0
    ) -> dict[str, Tensor]:
        """Add an estimate of the gradient of share * loss; return the losses.

        The doubly reparameterised one is, for the encoder's weights φ,

        ∇L_k = Σ_i v_i² (∂ln w_i / ∂z_i) (∂z_i / ∂φ).

        It comes from the standard one, which is the same with v_i for v_i², less
        Σ_i v_i ∂ln q(z_i|x) / ∂φ for z_i held constant. That is a score function: noise
        that is nearly 0 in the mean. Reparameterised once more, it has the mean of
        Σ_i (v_i - v_i²) (∂ln w_i / ∂z_i) (∂z_i / ∂φ), so v_i² is left. Where q is the
        posterior, w_i = p(x) for every z_i, and nothing varies any more.
        The decoder's gradient is the standard one.

        Backward goes in two walks. The first ends at z, where it leaves
        v_i ∂ln w_i / ∂z_i; the second starts there, with v_i times as much.
        """
        if self.gradient == "standard":
            return super().backward(x, labels, rng, share)
        rng = default_rng(rng, xp_of(x.data))
        x = binarised(x, rng)
        eps = self._noise(x, rng)
        mu, log_var = self.encode(x)
        z = mu + (0.5 * log_var).exp() * eps

        cut = Tensor(z, requires_grad=True)
        fixed_mu, fixed_log_var = mu.detach(), log_var.detach()
        eps_of_cut = (cut - fixed_mu) * (-0.5 * fixed_log_var).exp()
        losses, log_weights = self._bound(x, cut, eps_of_cut, fixed_mu, fixed_log_var)
        (losses["loss"] * share).backward()

        v = F.softmax(log_weights.detach(), axis=0).data
        z.backward(v[:, :, None] * cut.grad)
        return losses

    def _noise(self, x: Tensor, rng: Any) -> Tensor:
        """Noise for k samples: drawn image by image, as (N, k, latent)."""
        return noise(x, (len(x), self.k, self.latent), rng).swapaxes(0, 1)

    def _bound(
        self, x: Tensor, z: Tensor, eps: Tensor, mu: Tensor, log_var: Tensor
    ) -> tuple[dict[str, Tensor], Tensor]:
        """The losses, and ln w (k, N), of the codes z = mu + std * eps."""
        log_likelihood = self.log_likelihood(x, z)
        log_weights = log_likelihood + log_prior_ratio(z, eps, log_var)
        bound = F.logsumexp(log_weights, axis=0) - math.log(self.k)
        loss = -bound.mean()
        losses = {
            "loss": loss,
            "negative_bound": loss,
            "reconstruction": -log_likelihood.mean(),
            "kl": F.gaussian_kl(mu, log_var).mean(),
        }
        return losses, log_weights


def binarised(x: Tensor, rng: Any = None) -> Tensor:
    """Black and white images: each pixel is 1 with the probability of its grey value.

    They are drawn with `rng`. What is black and white already stays as it is.
    """
    return Tensor((uniform(rng, like=x.data) < x.data).astype(x.dtype))


def _tanh_layers(sizes: Sequence[int], rng: Any) -> list[Module]:
    """Linear layers from each size to the next, each followed by tanh."""
    layers: list[Module] = []
    for inputs, outputs in pairwise(sizes):
        layers += [Linear(inputs, outputs, rng=rng), Tanh()]
    return layers
