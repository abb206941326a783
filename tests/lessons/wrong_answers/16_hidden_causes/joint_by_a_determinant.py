"""The determinant itself, which is 0 in many dimensions."""

from solution import *

LOSES = ("test_log_joint",)
SAYS = "the determinant is too small for float64"


def log_joint(x, weights, means, covariances):
    offsets = x[:, None] - means
    squares = np.einsum("nkd,kde,nke->nk", offsets, np.linalg.inv(covariances), offsets)
    with np.errstate(divide="ignore"):
        log_dets = np.log(np.linalg.det(covariances))
    return np.log(weights) - (squares + log_dets + x.shape[1] * np.log(2 * np.pi)) / 2
