"""The decoder's slope first."""

from solution import *

LOSES = ("test_linear_slopes",)
SAYS = "shape"


def linear_slopes(x, encoder, decoder):
    z = x @ encoder.T
    wrong = z @ decoder.T - x
    g = 2 * wrong / len(x)
    return np.mean(np.sum(wrong**2, axis=1)), g.T @ z, (g @ decoder).T @ x
