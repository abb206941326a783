"""The largest number of all rows: the others underflow."""

from solution import *

LOSES = ("test_e_step_log_p", "test_e_step_posterior")
SAYS = ("take the largest number of each row out first", "take the largest number of each row out first")


def e_step(log_joint):
    with np.errstate(all="ignore"):
        joint = np.exp(log_joint - log_joint.max())
        p = joint.sum(axis=1)
        return log_joint.max() + np.log(p), joint / p[:, None]
