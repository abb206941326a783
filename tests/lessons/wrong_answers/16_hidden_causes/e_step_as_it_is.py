"""No addition, and no care either: 0 / 0 far away."""

from solution import *

LOSES = ("test_e_step_log_p", "test_e_step_posterior")
SAYS = ("take the largest number of each row out first", "take the largest number of each row out first")


def e_step(log_joint):
    with np.errstate(all="ignore"):
        joint = np.exp(log_joint)
        p = joint.sum(axis=1)
        return np.log(p), joint / p[:, None]
