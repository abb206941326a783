"""The loss is a mean over all numbers, as many programs have it."""

from solution import *

LOSES = ("test_linear_slopes",)
SAYS = "sum over pixels, average over pictures"


def linear_slopes(x, encoder, decoder):
    z = x @ encoder.T
    wrong = z @ decoder.T - x
    g = 2 * wrong / x.size
    return np.mean(wrong**2), (g @ decoder).T @ x, g.T @ z
