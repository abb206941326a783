"""Divides by one less, as np.cov does."""

from solution import *

LOSES = ("test_m_step_covariances",)
SAYS = "divided by one less"


def m_step(x, posterior):
    counts = posterior.sum(axis=0)
    means = posterior.T @ x / counts[:, None]
    spread = [(r[:, None] * (x - m)).T @ (x - m) for r, m in zip(posterior.T, means)]
    return counts / len(x), means, np.array(spread) / (counts[:, None, None] - 1)
