"""Noise is taken for a standard deviation."""

from solution import *

LOSES = ("test_exact_gap",)
SAYS = "it was squared"


def exact_gap(C, W, noise, A, code_log_var):
    drawn, code = W @ W.T + np.diag(noise**2), np.diag(np.exp(code_log_var))
    posterior = np.linalg.inv(np.eye(W.shape[1]) + W.T / noise @ W)
    off = A - posterior @ W.T / noise
    of_means = np.trace(np.linalg.solve(posterior, off @ C @ off.T)) / 2
    return gaussians_apart(C, drawn), gaussians_apart(code, posterior) + of_means
