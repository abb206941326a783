"""A shared log_var gets the mean of what its pixels say."""

from solution import *

LOSES = ("test_gaussian_reconstruction_vjps",)
SAYS = "adds up what each of them says"


def gaussian_reconstruction(x, copies, log_var):
    missed, var = copies - x, np.exp(log_var)
    costs = (missed**2 / var + log_var + np.log(2 * np.pi)) / 2
    of_var = (1 - missed**2 / var).sum(axis=0) / 2 / len(x)
    if len(log_var) == 1:
        of_var = of_var.mean(keepdims=True)
    return costs.sum() / len(x), (lambda g: g * missed / var / len(x), lambda g: g * of_var)
