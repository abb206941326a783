"""Multiplies by the covariance."""

from solution import *

LOSES = ("test_log_joint",)
SAYS = "was multiplied by the covariance"


def log_joint(x, weights, means, covariances):
    offsets = x[:, None] - means
    squares = np.einsum("nkd,kde,nke->nk", offsets, covariances, offsets)
    log_dets = np.linalg.slogdet(covariances)[1]
    return np.log(weights) - (squares + log_dets + x.shape[1] * np.log(2 * np.pi)) / 2
