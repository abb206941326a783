"""Means that are divided by the number of all points."""

from solution import *

LOSES = ("test_m_step_weights_and_means", "test_m_step_covariances")
SAYS = "divide by what belongs to the part"


def m_step(x, posterior):
    counts = posterior.sum(axis=0)
    means = posterior.T @ x / len(x)
    spread = [(r[:, None] * (x - m)).T @ (x - m) for r, m in zip(posterior.T, means)]
    return counts / len(x), means, np.array(spread) / counts[:, None, None]
