"""Forgets the covariances."""

from solution import *

LOSES = ("test_surprise", "test_surprise_in_many_dimensions")
SAYS = "only the variances were used"


def surprise(x, mean, covariance):
    variances = np.diag(covariance)
    return np.sum((x - mean) ** 2 / variances + np.log(2 * np.pi * variances), axis=1) / 2
