"""Asks once who drew which point."""

from solution import *

LOSES = ("test_em",)
SAYS = "that of the first step throughout"


def em(x, weights, means, covariances, steps):
    log_p, posterior = e_step(log_joint(x, weights, means, covariances))
    history = [log_p.mean()]
    for _ in range(steps):
        weights, means, covariances = m_step(x, posterior)
        history.append(e_step(log_joint(x, weights, means, covariances))[0].mean())
    return weights, means, covariances, np.array(history)
