"""Takes the label for a number."""

from solution import *

LOSES = ("test_labelled_linear",)
SAYS = "taken as a number"


def labelled_linear(x, labels, W, V):
    def to_V(g):
        gradient = np.zeros_like(V)
        np.add.at(gradient, labels, g)
        return gradient

    return x @ W + labels[:, None] * V.sum(axis=0), (lambda g: g @ W.T, lambda g: x.T @ g, to_V)
