"""Takes bits for nats."""

from solution import *

LOSES = ("test_free_bits",)
SAYS = "a bit is ln 2 nats"


def free_bits(mu, log_var, free):
    above = (mu**2 + np.expm1(log_var) - log_var).sum(axis=1) / 2 - free
    charge = lambda g: (g * (above > 0))[:, None]
    return np.maximum(above, 0), (
        lambda g: charge(g) * mu,
        lambda g: charge(g) * np.expm1(log_var) / 2,
    )
