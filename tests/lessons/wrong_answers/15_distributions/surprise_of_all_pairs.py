"""A table of all pairs of points."""

from solution import *

LOSES = ("test_surprise", "test_surprise_in_many_dimensions")
SAYS = "one number for each point"


def surprise(x, mean, covariance):
    d = x - mean
    squares = d @ np.linalg.solve(covariance, d.T)
    return (squares + np.linalg.slogdet(covariance)[1] + len(mean) * np.log(2 * np.pi)) / 2
