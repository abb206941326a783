"""Squares without the half."""

from solution import *

LOSES = ("test_exact_log_p",)
SAYS = "the factor 1/2 is missing"


def exact_log_p(x, mean, W, var):
    S = W @ W.T + var * np.eye(len(W))
    away = x - mean
    squares = np.sum(away * np.linalg.solve(S, away.T).T, axis=1)
    return -(squares + np.linalg.slogdet(2 * np.pi * S)[1])
