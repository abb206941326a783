"""Weights that do not add up to 1."""

from solution import *

LOSES = ("test_m_step_weights_and_means",)
SAYS = "a weight is a share of all points"


def m_step(x, posterior):
    weights, means, covariances = by_parts(x, posterior)
    return weights * len(x), means, covariances


def by_parts(x, posterior):
    counts = posterior.sum(axis=0)
    means = posterior.T @ x / counts[:, None]
    spread = [(r[:, None] * (x - m)).T @ (x - m) for r, m in zip(posterior.T, means)]
    return counts / len(x), means, np.array(spread) / counts[:, None, None]
