"""max(kl, free): the same slopes, but another charge."""

from solution import *

LOSES = ("test_free_bits",)
SAYS = "a code below costs 0"


def free_bits(mu, log_var, free):
    above = (mu**2 + np.expm1(log_var) - log_var).sum(axis=1) / 2 - free * np.log(2)
    charge = lambda g: (g * (above > 0))[:, None]
    return np.maximum(above, 0) + free * np.log(2), (
        lambda g: charge(g) * mu,
        lambda g: charge(g) * np.expm1(log_var) / 2,
    )
