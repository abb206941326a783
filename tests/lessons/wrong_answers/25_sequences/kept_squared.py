"""Forgets the root."""

from solution import *

LOSES = ("test_kept",)
SAYS = "the root of the sum of squares"


def kept(bias, x, h, weights, g):
    W, U, b, c = weights
    size = h.shape[1]
    b = b + bias * np.repeat([0, 1, 0], size)
    lengths = np.full(len(h), len(x))
    states, vjps = through_time(gru_cell, x, h, (W, U, b, c), lengths)
    signal = np.zeros_like(states)
    signal[-1] = g
    return (vjps[1](signal) ** 2).sum() / (g**2).sum()
