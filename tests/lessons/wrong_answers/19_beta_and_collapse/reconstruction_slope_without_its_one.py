"""The slope of log_var / 2 is forgotten."""

from solution import *

LOSES = ("test_gaussian_reconstruction_vjps",)
SAYS = "the slope of the term log_var / 2 is missing"


def gaussian_reconstruction(x, copies, log_var):
    missed, var = copies - x, np.exp(log_var)
    costs = (missed**2 / var + log_var + np.log(2 * np.pi)) / 2
    of_var = -(missed**2 / var).sum(axis=0) / 2 / len(x)
    if len(log_var) == 1:
        of_var = of_var.sum(keepdims=True)
    return costs.sum() / len(x), (lambda g: g * missed / var / len(x), lambda g: g * of_var)
