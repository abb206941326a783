"""All bells have one height."""

from solution import *

LOSES = ("test_log_joint",)
SAYS = "the determinant is missing"


def log_joint(x, weights, means, covariances):
    offsets = x[:, None] - means
    squares = np.einsum("nkd,kde,nke->nk", offsets, np.linalg.inv(covariances), offsets)
    constant = x.shape[1] * np.log(2 * np.pi)
    return np.log(weights) - (squares + constant) / 2
