"""Multiplies by the covariance."""

from solution import *

LOSES = ("test_surprise", "test_surprise_in_many_dimensions")
SAYS = "multiplied by the covariance"


def surprise(x, mean, covariance):
    squares = np.sum((x - mean) @ covariance * (x - mean), axis=1)
    return (squares + np.linalg.slogdet(covariance)[1] + len(mean) * np.log(2 * np.pi)) / 2
