"""code_log_var where a variance belongs."""

from solution import *

LOSES = ("test_exact_bound",)
SAYS = "it is its logarithm"


def exact_bound(C, W, noise, A, code_log_var):
    rest, code_var = np.eye(len(C)) - W @ A, np.exp(code_log_var)
    squares = np.diag(rest @ C @ rest.T) + W**2 @ code_log_var
    reconstruction = np.sum(np.log(2 * np.pi * noise) + squares / noise) / 2
    return reconstruction, np.sum(np.diag(A @ C @ A.T) + code_var - 1 - code_log_var) / 2
