"""Adds up the squares, and does not divide."""

from solution import *

LOSES = ("test_error_bars",)
SAYS = "the score is a mean over pictures"


def error_bars(log_weights):
    largest = log_weights.max(axis=0)
    w = np.exp(log_weights - largest)
    bounds = largest + np.log(w.mean(axis=0))
    of_each = w.std(axis=0, ddof=1) / np.sqrt(len(w)) / w.mean(axis=0)
    of_darts = np.sqrt(np.sum(of_each**2))
    return bounds.mean(), standard_error(bounds), of_darts
