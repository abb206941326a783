"""One half of ln 2 pi, whatever the number of dimensions."""

from solution import *

LOSES = ("test_log_joint",)
SAYS = "for each of the D numbers"


def log_joint(x, weights, means, covariances):
    offsets = x[:, None] - means
    squares = np.einsum("nkd,kde,nke->nk", offsets, np.linalg.inv(covariances), offsets)
    log_dets = np.linalg.slogdet(covariances)[1]
    return np.log(weights) - (squares + log_dets + np.log(2 * np.pi)) / 2
