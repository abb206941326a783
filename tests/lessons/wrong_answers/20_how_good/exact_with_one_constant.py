"""ln 2 pi once."""

from solution import *

LOSES = ("test_exact_log_p",)
SAYS = "counts once for each pixel"


def exact_log_p(x, mean, W, var):
    S = W @ W.T + var * np.eye(len(W))
    away = x - mean
    squares = np.sum(away * np.linalg.solve(S, away.T).T, axis=1)
    return -0.5 * (squares + np.linalg.slogdet(S)[1] + np.log(2 * np.pi))
