"""ln det C in place of ln det R."""

from solution import *

LOSES = ("test_surprise", "test_surprise_in_many_dimensions")
SAYS = "counts half"


def surprise(x, mean, covariance):
    d = x - mean
    squares = np.sum(d * np.linalg.solve(covariance, d.T).T, axis=1)
    return (squares + len(mean) * np.log(2 * np.pi)) / 2 + np.linalg.slogdet(covariance)[1]
