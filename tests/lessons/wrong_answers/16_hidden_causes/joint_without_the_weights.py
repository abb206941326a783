"""The density of the bell alone."""

from solution import *

LOSES = ("test_log_joint",)
SAYS = "the weight of the part is missing"


def log_joint(x, weights, means, covariances):
    offsets = x[:, None] - means
    squares = np.einsum("nkd,kde,nke->nk", offsets, np.linalg.inv(covariances), offsets)
    log_dets = np.linalg.slogdet(covariances)[1]
    return -(squares + log_dets + x.shape[1] * np.log(2 * np.pi)) / 2
