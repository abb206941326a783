"""Forgets the cotangent."""

from solution import *

LOSES = ("test_free_bits",)
SAYS = "the cotangent g is missing"


def free_bits(mu, log_var, free):
    above = (mu**2 + np.expm1(log_var) - log_var).sum(axis=1) / 2 - free * np.log(2)
    charge = lambda g: (1.0 * (above > 0))[:, None]
    return np.maximum(above, 0), (
        lambda g: charge(g) * mu,
        lambda g: charge(g) * np.expm1(log_var) / 2,
    )
