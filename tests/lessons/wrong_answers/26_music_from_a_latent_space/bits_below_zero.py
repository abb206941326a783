"""A melody that uses fewer bits than are free is paid for the rest."""

from solution import *

LOSES = ("test_free_bits",)
SAYS = "not less than nothing"


def free_bits(mu, log_var, free):
    above = (mu**2 + np.expm1(log_var) - log_var).sum(axis=1) / 2 - free * np.log(2)
    charge = lambda g: (g * (above > 0))[:, None]
    return above, (
        lambda g: charge(g) * mu,
        lambda g: charge(g) * np.expm1(log_var) / 2,
    )
