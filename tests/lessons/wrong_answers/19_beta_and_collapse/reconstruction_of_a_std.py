"""log_var is read as the logarithm of the standard deviation, as in B1."""

from solution import *

LOSES = ("test_gaussian_reconstruction_value", "test_gaussian_reconstruction_vjps")
SAYS = "logarithm of the standard deviation"


def gaussian_reconstruction(x, copies, log_var):
    missed, std = copies - x, np.exp(log_var)
    costs = (missed / std) ** 2 / 2 + log_var + np.log(2 * np.pi) / 2
    of_std = (1 - (missed / std) ** 2).sum(axis=0) / len(x)
    if len(log_var) == 1:
        of_std = of_std.sum(keepdims=True)
    return costs.sum() / len(x), (lambda g: g * missed / std**2 / len(x), lambda g: g * of_std)
