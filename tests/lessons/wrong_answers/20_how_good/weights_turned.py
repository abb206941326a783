"""A row for each picture."""

from solution import *

LOSES = ("test_log_weights",)
SAYS = "a row for each dart"

right = log_weights


def log_weights(x, mean, W, var, mu, log_var, eps):
    return right(x, mean, W, var, mu, log_var, eps).T
