"""The slope goes on where nothing is charged."""

from solution import *

LOSES = ("test_free_bits",)
SAYS = "so there the slope is 0"


def free_bits(mu, log_var, free):
    above = (mu**2 + np.expm1(log_var) - log_var).sum(axis=1) / 2 - free * np.log(2)
    charge = lambda g: (g * (above == above))[:, None]
    return np.maximum(above, 0), (
        lambda g: charge(g) * mu,
        lambda g: charge(g) * np.expm1(log_var) / 2,
    )
