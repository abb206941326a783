"""A standard deviation where a variance belongs."""

from solution import *

LOSES = ("test_gaussian_reconstruction_value", "test_gaussian_reconstruction_vjps")
SAYS = "divided by the standard deviation"


def gaussian_reconstruction(x, copies, log_var):
    missed, std = copies - x, np.exp(log_var / 2)
    costs = (missed**2 / std + log_var + np.log(2 * np.pi)) / 2
    of_std = (1 - missed**2 / std).sum(axis=0) / 2 / len(x)
    if len(log_var) == 1:
        of_std = of_std.sum(keepdims=True)
    return costs.sum() / len(x), (lambda g: g * missed / std / len(x), lambda g: g * of_std)
