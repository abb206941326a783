"""Hands the cotangent on, a row for each input."""

from solution import *

LOSES = ("test_labelled_linear", "test_labelled_linear_with_labels_that_repeat")
SAYS = "row for each label"


def labelled_linear(x, labels, W, V):
    def to_V(g):
        return g

    return x @ W + V[labels], (lambda g: g @ W.T, lambda g: x.T @ g, to_V)
