"""Leaves the constant out."""

import solution
from solution import *

LOSES = ("test_surprise", "test_surprise_in_many_dimensions")
SAYS = "the term with ln 2 pi is missing"


def surprise(x, mean, covariance):
    return solution.surprise(x, mean, covariance) - len(mean) / 2 * np.log(2 * np.pi)
