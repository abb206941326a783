"""A mean over the pictures."""

from solution import *

LOSES = ("test_exact_log_p",)
SAYS = "one number for each picture"


def exact_log_p(x, mean, W, var):
    S = W @ W.T + var * np.eye(len(W))
    away = x - mean
    squares = np.sum(away * np.linalg.solve(S, away.T).T, axis=1)
    return np.mean(-0.5 * (squares + np.linalg.slogdet(2 * np.pi * S)[1]))
