"""The picture minus the copy."""

from solution import *

LOSES = ("test_linear_slopes",)
SAYS = "the sign is turned"


def linear_slopes(x, encoder, decoder):
    z = x @ encoder.T
    wrong = z @ decoder.T - x
    g = 2 * (x - z @ decoder.T) / len(x)
    return np.mean(np.sum(wrong**2, axis=1)), (g @ decoder).T @ x, g.T @ z
