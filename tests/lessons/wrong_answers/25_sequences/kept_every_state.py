"""g at all steps."""

from solution import *

LOSES = ("test_kept",)
SAYS = "belongs to the last state alone"


def kept(bias, x, h, weights, g):
    W, U, b, c = weights
    size = h.shape[1]
    b = b + bias * np.repeat([0, 1, 0], size)
    lengths = np.full(len(h), len(x))
    states, vjps = through_time(gru_cell, x, h, (W, U, b, c), lengths)
    signal = np.zeros_like(states)
    signal[:] = g
    return np.linalg.norm(vjps[1](signal)) / np.linalg.norm(g)
