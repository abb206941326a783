"""What a decoder's output says about the image: p(x|z), one half of a VAE's loss.

A decoder gives one number per pixel, (N, C, H, W), and knows nothing of its meaning.
The meaning comes from a likelihood. It turns the number into a distribution of the
pixel, independent of the other pixels, and has two functions:

- `log_prob(output, x)`: ln p(x|z) of each image, (N,), in nats. It is summed over the
  pixels and includes every constant. So p is a true probability (or density), and the
  ELBO a true bound.
- `mean(output)`: the mean image, to look at.

A probability of 0 and 1 and a density of grey values have no common scale. Only bounds
of the same kind can be compared.
"""

import math

import numpy as np

from .. import functional as F
from ..nn import Module, Parameter
from ..support.argument_checks import check_number
from ..tensors import Tensor

LIKELIHOODS = ("bernoulli", "gaussian", "gaussian-learned")
PIXELS = (1, 2, 3)  # the axes of one image
# The default variance: about that of MNIST's pixels around the images that a
# two-dimensional code gives.
VARIANCE = 0.05


class Likelihood(Module):
    """A distribution of images given the decoder's output."""

    name: str

    def log_prob(self, output: Tensor, x: Tensor) -> Tensor:
        raise NotImplementedError(f"{type(self).__name__} has no log_prob()")

    def mean(self, output: Tensor) -> Tensor:
        raise NotImplementedError(f"{type(self).__name__} has no mean()")


class Bernoulli(Likelihood):
    """A pixel is 1 with probability p = sigmoid(output), otherwise 0.

    ln p(x|z) = Σ x ln p + (1 - x) ln(1 - p).
    Grey values from 0 to 1 are taken as probabilities themselves. Then ln p(x|z) is the
    mean over the black and white images that they stand for. MNIST is most often used
    in this way.
    """

    name = "bernoulli"

    def log_prob(self, output: Tensor, x: Tensor) -> Tensor:
        costs = F.binary_cross_entropy_with_logits(output, x, reduction="none")
        return -costs.sum(axis=PIXELS)

    def mean(self, output: Tensor) -> Tensor:
        return F.sigmoid(output)


class Gaussian(Likelihood):
    """A pixel is drawn from N(output, variance).

    ln p(x|z) = -½ Σ ((x - output)² / variance + ln(2π variance)).
    This is a density, so it may exceed 1, and its logarithm may exceed 0. The smaller
    the variance, the more the reconstruction weighs against the KL term: the squared
    error counts 1 / (2 variance) times.
    """

    name = "gaussian"

    def __init__(self, variance: float = VARIANCE):
        check_number("Gaussian: variance", variance)
        if variance <= 0:
            raise ValueError(
                f"Gaussian: variance must be a number above 0, found {variance}"
            )
        self.variance = variance

    def log_prob(self, output: Tensor, x: Tensor) -> Tensor:
        pixels = math.prod(x.shape[1:])
        return -0.5 * (
            _squared_error(output, x) / self.variance
            + pixels * math.log(2 * math.pi * self.variance)
        )

    def mean(self, output: Tensor) -> Tensor:
        return output


class LearnedGaussian(Gaussian):
    """A Gaussian with one variance for all pixels, learned along with the weights.

    `variance` is its initial value. At the optimum it is the mean squared error per
    pixel, which balances reconstruction and KL without further help. One variance for
    each pixel would not work: a pixel that is black in every image has density ∞ at
    variance 0. The parameter is log_var, the logarithm of the variance, because that
    may be any number.
    Source: Rybkin, Daniilidis & Levine 2021, "Simple and Effective VAE Training with
    Calibrated Decoders".
    """

    name = "gaussian-learned"

    def __init__(self, variance: float = VARIANCE):
        super().__init__(variance)
        self.log_var = Parameter(np.array(math.log(variance), np.float32))

    def log_prob(self, output: Tensor, x: Tensor) -> Tensor:
        pixels = math.prod(x.shape[1:])
        return -0.5 * (
            _squared_error(output, x) * (-self.log_var).exp()
            + pixels * (self.log_var + math.log(2 * math.pi))
        )


def make_likelihood(name: str, variance: float | None = None) -> Likelihood:
    """The likelihood of that name, one of LIKELIHOODS.

    `variance` is for the Gaussian ones. Raises ValueError for another name, for a
    variance of 0 or less, and for a Bernoulli with a variance.
    """
    if name not in LIKELIHOODS:
        raise ValueError(
            f"likelihood must be one of {', '.join(LIKELIHOODS)}, found {name!r}"
        )
    if name == "bernoulli":
        if variance is not None:
            raise ValueError(
                f"a Bernoulli likelihood has no variance to choose, found {variance}"
            )
        return Bernoulli()
    kind = LearnedGaussian if name == "gaussian-learned" else Gaussian
    return kind(VARIANCE if variance is None else variance)


def _squared_error(output: Tensor, x: Tensor) -> Tensor:
    """The squared error of each image, summed over its pixels: (N,)."""
    return F.mse_loss(output, x, reduction="none").sum(axis=PIXELS)
