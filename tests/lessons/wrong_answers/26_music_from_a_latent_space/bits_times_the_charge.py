"""Multiplies by the charge, not by 1 or 0."""

from solution import *

LOSES = ("test_free_bits",)
SAYS = "is 1 or 0, not the charge itself"


def free_bits(mu, log_var, free):
    above = (mu**2 + np.expm1(log_var) - log_var).sum(axis=1) / 2 - free * np.log(2)
    charge = lambda g: (g * np.maximum(above, 0))[:, None]
    return np.maximum(above, 0), (
        lambda g: charge(g) * mu,
        lambda g: charge(g) * np.expm1(log_var) / 2,
    )
