"""Goes back through the encoder's own weights."""

from solution import *

LOSES = ("test_linear_slopes",)
SAYS = "it goes through the decoder"


def linear_slopes(x, encoder, decoder):
    z = x @ encoder.T
    wrong = z @ decoder.T - x
    g = 2 * wrong / len(x)
    return np.mean(np.sum(wrong**2, axis=1)), (g @ encoder.T).T @ x, g.T @ z
