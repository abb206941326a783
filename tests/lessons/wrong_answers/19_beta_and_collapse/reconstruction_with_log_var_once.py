"""log_var and the constant once for a picture."""

from solution import *

LOSES = ("test_gaussian_reconstruction_value",)
SAYS = "once for a picture"


def gaussian_reconstruction(x, copies, log_var):
    missed, var = copies - x, np.exp(log_var)
    squares = (missed**2 / var).sum() / len(x)
    of_var = (1 - missed**2 / var).sum(axis=0) / 2 / len(x)
    if len(log_var) == 1:
        of_var = of_var.sum(keepdims=True)
    value = (squares + log_var.sum() + np.log(2 * np.pi)) / 2
    return value, (lambda g: g * missed / var / len(x), lambda g: g * of_var)
