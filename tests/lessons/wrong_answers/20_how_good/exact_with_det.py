"""A determinant that leaves the range of numbers."""

from solution import *

LOSES = ("test_exact_log_p",)
SAYS = "slogdet gives"


def exact_log_p(x, mean, W, var):
    S = W @ W.T + var * np.eye(len(W))
    away = x - mean
    squares = np.sum(away * np.linalg.solve(S, away.T).T, axis=1)
    return -0.5 * (squares + np.log(np.linalg.det(2 * np.pi * S)))
