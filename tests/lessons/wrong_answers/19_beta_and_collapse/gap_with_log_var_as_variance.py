"""code_log_var where a variance belongs."""

from solution import *

LOSES = ("test_exact_gap",)
SAYS = "it is its logarithm"


def exact_gap(C, W, noise, A, code_log_var):
    drawn = W @ W.T + np.diag(noise)
    precision = np.eye(W.shape[1]) + W.T / noise @ W
    off = A - np.linalg.solve(precision, W.T / noise)
    _, of_precision = np.linalg.slogdet(precision)
    spread = np.trace(precision @ (np.diag(code_log_var) + off @ C @ off.T))
    of_code = (spread - len(A) - of_precision - np.sum(code_log_var)) / 2
    return gaussians_apart(C, drawn), of_code
