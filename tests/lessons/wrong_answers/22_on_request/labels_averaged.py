"""A mean over the batch."""

from solution import *

LOSES = ("test_labelled_linear", "test_labelled_linear_with_labels_that_repeat")
SAYS = "no mean"


def labelled_linear(x, labels, W, V):
    def to_V(g):
        gradient = np.zeros_like(V)
        np.add.at(gradient, labels, g)
        return gradient

    return x @ W + V[labels], (lambda g: g @ W.T, lambda g: x.T @ g / len(x), to_V)
