"""B3 is mended; a square weight is still turned (B13)."""

import numpy as np
from solution import *

LOSES = ("test_the_slopes_of_the_judge",)
SAYS = "a weight is turned"


def judge(layers, codes, targets):
    w, b = zip(*layers)
    first = np.maximum(codes @ w[0].T + b[0], 0)
    second = np.maximum(first @ w[1].T + b[1], 0)
    answers = second @ w[2].T + b[2]
    errors = answers - targets[:, None]
    g3 = 2 * errors / len(codes)
    g2 = (g3 @ w[2]) * (second > 0)
    g1 = (g2 @ w[1].T) * (first > 0)
    pairs = (g1, codes), (g2, first), (g3, second)
    return (errors**2).mean(), [(g.T @ x, g.sum(axis=0)) for g, x in pairs]
