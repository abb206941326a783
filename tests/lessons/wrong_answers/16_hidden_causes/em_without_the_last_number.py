"""The history lacks the parts that are returned."""

from solution import *

LOSES = ("test_em",)
SAYS = "the last number is missing"


def em(x, weights, means, covariances, steps):
    history = []
    for _ in range(steps):
        log_p, posterior = e_step(log_joint(x, weights, means, covariances))
        history.append(log_p.mean())
        weights, means, covariances = m_step(x, posterior)
    return weights, means, covariances, np.array(history)
