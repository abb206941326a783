"""R is not transposed where it should not be."""

from solution import *

LOSES = ("test_surprise", "test_surprise_in_many_dimensions")
SAYS = "R is not transposed"


def surprise(x, mean, covariance):
    root = np.linalg.cholesky(covariance)
    eps = np.linalg.solve(root.T, (x - mean).T)
    constant = np.sum(np.log(np.diag(root))) + len(mean) / 2 * np.log(2 * np.pi)
    return np.sum(eps**2, axis=0) / 2 + constant
