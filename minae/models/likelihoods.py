"""What a decoder's output says about the image: p(x|z), the first half of every variational loss.

A decoder gives one number per pixel, (N, C, H, W), and knows nothing of its meaning. That a likelihood gives: it turns
the number into a distribution of the pixel, independent of the others, and has two functions,

- `log_prob(output, x)`: ln p(x|z) of each image, (N,), in nats: summed over the pixels, and with every constant, so
  that p is a true probability (or density) and the ELBO a true bound;
- `mean(output)`: the mean image, to look at.

A probability of 0 and 1 and a density of grey values have no common scale: only bounds by the same kind are comparable.
"""

import math

import numpy as np

from .. import functional as F
from ..checks import check_number
from ..nn import Module, Parameter
from ..tensor import Tensor

LIKELIHOODS = ("bernoulli", "gaussian", "gaussian-learned")
PIXELS = (1, 2, 3)  # the axes of one image
VARIANCE = 0.05  # unless another is chosen: near what MNIST's pixels have around a two-dimensional code's image


class Likelihood(Module):
    """A distribution of images given the decoder's output."""

    def log_prob(self, output: Tensor, x: Tensor) -> Tensor:
        raise NotImplementedError(f"{type(self).__name__} has no log_prob()")

    def mean(self, output: Tensor) -> Tensor:
        raise NotImplementedError(f"{type(self).__name__} has no mean()")


class Bernoulli(Likelihood):
    """A pixel is 1 with probability p = sigmoid(output), else 0:   ln p(x|z) = Σ x ln p + (1 - x) ln(1 - p).

    Grey values from 0 to 1 are taken for probabilities themselves: ln p(x|z) is then the mean over the black and white
    images that they stand for (which is how MNIST is most often used).
    """

    def log_prob(self, output: Tensor, x: Tensor) -> Tensor:
        return -F.binary_cross_entropy_with_logits(output, x, reduction="none").sum(axis=PIXELS)

    def mean(self, output: Tensor) -> Tensor:
        return F.sigmoid(output)


class Gaussian(Likelihood):
    """A pixel is N(output, variance):   ln p(x|z) = -½ Σ ((x - output)² / variance + ln(2π variance)).

    It is a density, so it may exceed 1, and its logarithm 0. The smaller the variance, the more the reconstruction
    weighs beside the KL term: 1 / (2 variance) times the squared error.
    """

    def __init__(self, variance: float = VARIANCE):
        check_number("Gaussian: variance", variance)
        if variance <= 0:
            raise ValueError(f"Gaussian: variance must be a number above 0, found {variance}")
        self.variance = variance

    def log_prob(self, output: Tensor, x: Tensor) -> Tensor:
        pixels = math.prod(x.shape[1:])
        return -0.5 * (_squared_error(output, x) / self.variance + pixels * math.log(2 * math.pi * self.variance))

    def mean(self, output: Tensor) -> Tensor:
        return output


class LearnedGaussian(Gaussian):
    """The same with one variance for all pixels, learned with the rest; `variance` is where it begins.

    At the optimum it is the mean squared error per pixel, which sets the balance of reconstruction and KL by itself.
    One for each pixel would not do: a pixel that is black in every image has density ∞ at variance 0.
    The parameter is log_var, the logarithm of the variance: any number will do for it.
    Source: Rybkin, Daniilidis & Levine 2021, "Simple and Effective VAE Training with Calibrated Decoders".
    """

    def __init__(self, variance: float = VARIANCE):
        super().__init__(variance)
        self.log_var = Parameter(np.array(math.log(variance), np.float32))

    def log_prob(self, output: Tensor, x: Tensor) -> Tensor:
        pixels = math.prod(x.shape[1:])
        return -0.5 * (
            _squared_error(output, x) * (-self.log_var).exp() + pixels * (self.log_var + math.log(2 * math.pi))
        )


def make_likelihood(name: str, variance: float | None = None) -> Likelihood:
    """The likelihood of that name, one of LIKELIHOODS; `variance` is for the Gaussian ones.

    Raises ValueError for another name, a variance of 0 or less, and one where there is none to choose.
    """
    if name not in LIKELIHOODS:
        raise ValueError(f"likelihood must be one of {', '.join(LIKELIHOODS)}, found {name!r}")
    if name == "bernoulli":
        if variance is not None:
            raise ValueError(f"a Bernoulli likelihood has no variance to choose, found {variance}")
        return Bernoulli()
    kind = LearnedGaussian if name == "gaussian-learned" else Gaussian
    return kind(VARIANCE if variance is None else variance)


def _squared_error(output: Tensor, x: Tensor) -> Tensor:
    """Summed over the pixels of each image: (N,)."""
    return F.mse_loss(output, x, reduction="none").sum(axis=PIXELS)
