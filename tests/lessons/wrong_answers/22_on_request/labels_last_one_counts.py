"""A famous line of NumPy: with repeated places only the last one is added."""

from solution import *

LOSES = ("test_labelled_linear_with_labels_that_repeat",)
SAYS = "only the last one counts"


def labelled_linear(x, labels, W, V):
    def to_V(g):
        gradient = np.zeros_like(V)
        gradient[labels] += g
        return gradient

    return x @ W + V[labels], (lambda g: g @ W.T, lambda g: x.T @ g, to_V)
