"""The mean and the std of p for both."""

from solution import *

LOSES = ("test_best_bell",)
SAYS = "is not one of the means"


def best_bell(x, p, means, stds):
    mean = np.sum(x * p) / np.sum(p)
    std = np.sqrt(np.sum((x - mean) ** 2 * p) / np.sum(p))
    return (mean, std), (mean, std)
