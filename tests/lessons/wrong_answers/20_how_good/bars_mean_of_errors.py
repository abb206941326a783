"""Averages the errors of the pictures."""

from solution import *

LOSES = ("test_error_bars",)
SAYS = "variances add up"


def error_bars(log_weights):
    largest = log_weights.max(axis=0)
    w = np.exp(log_weights - largest)
    bounds = largest + np.log(w.mean(axis=0))
    of_each = w.std(axis=0, ddof=1) / np.sqrt(len(w)) / w.mean(axis=0)
    of_darts = of_each.mean()
    return bounds.mean(), standard_error(bounds), of_darts
