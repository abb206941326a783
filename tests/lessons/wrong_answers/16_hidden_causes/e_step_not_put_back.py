"""Takes the largest number out, and forgets to put it back."""

from solution import *

LOSES = ("test_e_step_log_p",)
SAYS = "was taken out and not put back"


def e_step(log_joint):
    joint = np.exp(log_joint - log_joint.max(axis=1, keepdims=True))
    p = joint.sum(axis=1)
    return np.log(p), joint / p[:, None]
