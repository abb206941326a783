"""Forgets the bias."""

from solution import *

LOSES = ("test_plain_cell",)
SAYS = "the bias is missing"


def plain_cell(x, h, W, U, b):
    new = np.tanh(x @ W.T + h @ U.T)
    inside = lambda g: g * (1 - new**2)
    return new, (
        lambda g: inside(g) @ W,
        lambda g: inside(g) @ U,
        lambda g: inside(g).T @ x,
        lambda g: inside(g).T @ h,
        lambda g: inside(g).sum(axis=0),
    )
