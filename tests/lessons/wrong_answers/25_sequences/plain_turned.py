"""Uses U the other way round on the way back."""

from solution import *

LOSES = ("test_plain_cell",)
SAYS = "the other way round"


def plain_cell(x, h, W, U, b):
    new = np.tanh(x @ W.T + h @ U.T + b)
    inside = lambda g: g * (1 - new**2)
    return new, (
        lambda g: inside(g) @ W,
        lambda g: inside(g) @ U.T,
        lambda g: inside(g).T @ x,
        lambda g: inside(g).T @ h,
        lambda g: inside(g).sum(axis=0),
    )
