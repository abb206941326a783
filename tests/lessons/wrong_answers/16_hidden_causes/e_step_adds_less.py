"""1e-300 in place of 1e-8: the same mistake, further away."""

from solution import *

LOSES = ("test_e_step_log_p", "test_e_step_posterior")
SAYS = ("1e-300 was added inside of the logarithm", "the point belongs to nobody")


def e_step(log_joint):
    joint = np.exp(np.minimum(log_joint, 700))
    p = joint.sum(axis=1) + 1e-300
    return np.log(p), joint / p[:, None]
