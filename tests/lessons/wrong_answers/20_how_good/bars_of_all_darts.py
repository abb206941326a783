"""Counts darts as pictures."""

from solution import *

LOSES = ("test_error_bars",)
SAYS = "as if they were pictures"


def error_bars(log_weights):
    largest = log_weights.max(axis=0)
    w = np.exp(log_weights - largest)
    N = w.shape[1]
    bounds = largest + np.log(w.mean(axis=0))
    of_each = w.std(axis=0, ddof=1) / np.sqrt(len(w)) / w.mean(axis=0)
    of_darts = np.sqrt(np.sum(of_each**2)) / N
    return bounds.mean(), standard_error(log_weights.ravel()), of_darts
