"""The logarithm of the density."""

import solution
from solution import *

LOSES = ("test_surprise", "test_surprise_in_many_dimensions")
SAYS = "a surprise is minus that"


def surprise(x, mean, covariance):
    return -solution.surprise(x, mean, covariance)
