"""The slopes are not divided by N."""

from solution import *

LOSES = ("test_linear_slopes",)
SAYS = "the loss is a mean over the pictures"


def linear_slopes(x, encoder, decoder):
    z = x @ encoder.T
    wrong = z @ decoder.T - x
    g = 2 * wrong
    return np.mean(np.sum(wrong**2, axis=1)), (g @ decoder).T @ x, g.T @ z
