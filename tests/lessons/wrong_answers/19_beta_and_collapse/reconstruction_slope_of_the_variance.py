"""The slope in the variance, not in its logarithm."""

from solution import *

LOSES = ("test_gaussian_reconstruction_vjps",)
SAYS = "the input is its logarithm"


def gaussian_reconstruction(x, copies, log_var):
    missed, var = copies - x, np.exp(log_var)
    costs = (missed**2 / var + log_var + np.log(2 * np.pi)) / 2
    of_var = ((1 - missed**2 / var) / var).sum(axis=0) / 2 / len(x)
    if len(log_var) == 1:
        of_var = of_var.sum(keepdims=True)
    return costs.sum() / len(x), (lambda g: g * missed / var / len(x), lambda g: g * of_var)
