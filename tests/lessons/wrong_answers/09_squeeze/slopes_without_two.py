"""The 2 of the square is forgotten."""

from solution import *

LOSES = ("test_linear_slopes",)
SAYS = "the factor 2 of the square is missing"


def linear_slopes(x, encoder, decoder):
    z = x @ encoder.T
    wrong = z @ decoder.T - x
    g = wrong / len(x)
    return np.mean(np.sum(wrong**2, axis=1)), (g @ decoder).T @ x, g.T @ z
