"""One M-step too many."""

from solution import *

LOSES = ("test_em",)
SAYS = "it takes a step too many"


def em(x, weights, means, covariances, steps):
    history = []
    for _ in range(steps + 1):
        log_p, posterior = e_step(log_joint(x, weights, means, covariances))
        history.append(log_p.mean())
        weights, means, covariances = m_step(x, posterior)
    return weights, means, covariances, np.array(history)
