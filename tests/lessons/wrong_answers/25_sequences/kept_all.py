"""Adds the bias everywhere."""

from solution import *

LOSES = ("test_kept",)
SAYS = "added to all three parts"


def kept(bias, x, h, weights, g):
    W, U, b, c = weights
    size = h.shape[1]
    b = b + bias * np.repeat([1, 1, 1], size)
    lengths = np.full(len(h), len(x))
    states, vjps = through_time(gru_cell, x, h, (W, U, b, c), lengths)
    signal = np.zeros_like(states)
    signal[-1] = g
    return np.linalg.norm(vjps[1](signal)) / np.linalg.norm(g)
