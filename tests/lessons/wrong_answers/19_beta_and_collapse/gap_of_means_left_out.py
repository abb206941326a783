"""The widths of q and the posterior alone."""

from solution import *

LOSES = ("test_exact_gap",)
SAYS = "A x is not the posterior"


def exact_gap(C, W, noise, A, code_log_var):
    drawn, code = W @ W.T + np.diag(noise), np.diag(np.exp(code_log_var))
    posterior = np.linalg.inv(np.eye(W.shape[1]) + W.T / noise @ W)
    off = A - posterior @ W.T / noise
    np.trace(np.linalg.solve(posterior, off @ C @ off.T)) / 2
    return gaussians_apart(C, drawn), gaussians_apart(code, posterior)
