"""Counts each point whole for its likeliest part."""

from solution import *

LOSES = ("test_m_step_weights_and_means", "test_m_step_covariances")
SAYS = ("divide it, as the posterior says", "divide it, as the posterior says")


def m_step(x, posterior):
    sure = np.eye(posterior.shape[1])[posterior.argmax(axis=1)] + 1e-300
    counts = sure.sum(axis=0)
    means = sure.T @ x / counts[:, None]
    spread = [(r[:, None] * (x - m)).T @ (x - m) for r, m in zip(sure.T, means)]
    return counts / len(x), means, np.array(spread) / counts[:, None, None]
