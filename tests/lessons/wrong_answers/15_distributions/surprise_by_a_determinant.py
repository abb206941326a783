"""The determinant of many numbers under- or overflows."""

from solution import *

LOSES = ("test_surprise_in_many_dimensions",)
SAYS = "a determinant of many small or large numbers"


def surprise(x, mean, covariance):
    d = x - mean
    squares = np.sum(d * np.linalg.solve(covariance, d.T).T, axis=1)
    return (squares + np.log(np.linalg.det(covariance)) + len(mean) * np.log(2 * np.pi)) / 2
