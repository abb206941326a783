"""The error of the mean of logarithms."""

from solution import *

LOSES = ("test_error_bars",)
SAYS = "the logarithm of a mean"


def error_bars(log_weights):
    largest = log_weights.max(axis=0)
    w = np.exp(log_weights - largest)
    N = w.shape[1]
    bounds = largest + np.log(w.mean(axis=0))
    of_darts = np.sqrt(np.sum(log_weights.var(axis=0, ddof=1) / len(w))) / N
    return bounds.mean(), standard_error(bounds), of_darts
