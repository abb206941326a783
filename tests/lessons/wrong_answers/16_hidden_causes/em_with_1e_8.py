"""Right but for the 1e-8 of the draft."""

from solution import *

LOSES = ("test_em",)
SAYS = "e_step adds 1e-8 to p(x)"


def em(x, weights, means, covariances, steps):
    history = []
    for step in range(steps + 1):
        joint = np.exp(log_joint(x, weights, means, covariances))
        p = joint.sum(axis=1) + 1e-8
        history.append(np.log(p).mean())
        if step < steps:
            weights, means, covariances = m_step(x, joint / p[:, None])
    return weights, means, covariances, np.array(history)
