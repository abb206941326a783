"""Covariances around the mean of all points."""

from solution import *

LOSES = ("test_m_step_covariances",)
SAYS = "measured around the mean of all points"


def m_step(x, posterior):
    counts, offsets = posterior.sum(axis=0), x - x.mean(axis=0)
    spread = [(r[:, None] * offsets).T @ offsets for r in posterior.T]
    return counts / len(x), posterior.T @ x / counts[:, None], np.array(spread) / counts[:, None, None]
