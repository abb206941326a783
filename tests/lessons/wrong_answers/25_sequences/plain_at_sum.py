"""Takes the slope of tanh from the sum inside."""

from solution import *

LOSES = ("test_plain_cell",)
SAYS = "of the new state, not of the sum inside"


def plain_cell(x, h, W, U, b):
    inner = x @ W.T + h @ U.T + b
    new = np.tanh(inner)
    inside = lambda g: g * (1 - inner**2)
    return new, (
        lambda g: inside(g) @ W,
        lambda g: inside(g) @ U,
        lambda g: inside(g).T @ x,
        lambda g: inside(g).T @ h,
        lambda g: inside(g).sum(axis=0),
    )
