"""The posterior on both sides of the product."""

from solution import *

LOSES = ("test_m_step_covariances",)
SAYS = "the posterior counts twice"


def m_step(x, posterior):
    counts = posterior.sum(axis=0)
    means = posterior.T @ x / counts[:, None]
    offsets = posterior[:, :, None] * (x[:, None] - means)
    return counts / len(x), means, np.einsum("nkd,nke->kde", offsets, offsets) / counts[:, None, None]
