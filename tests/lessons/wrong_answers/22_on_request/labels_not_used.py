"""The label does not enter."""

from solution import *

LOSES = ("test_labelled_linear",)
SAYS = "does not enter"


def labelled_linear(x, labels, W, V):
    def to_V(g):
        gradient = np.zeros_like(V)
        np.add.at(gradient, labels, g)
        return gradient

    return x @ W, (lambda g: g @ W.T, lambda g: x.T @ g, to_V)
