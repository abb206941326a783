"""Takes the variances and leaves out what rises together."""

from solution import *

LOSES = ("test_log_joint",)
SAYS = "only the variances were used"


def log_joint(x, weights, means, covariances):
    variances = np.diagonal(covariances, axis1=1, axis2=2)
    squares = ((x[:, None] - means) ** 2 / variances).sum(axis=2)
    return np.log(weights) - (squares + np.log(2 * np.pi * variances).sum(axis=1)) / 2
