"""The KL of the widths alone."""

from solution import *

LOSES = ("test_exact_bound",)
SAYS = "the squares of mu are missing"


def exact_bound(C, W, noise, A, code_log_var):
    rest, code_var = np.eye(len(C)) - W @ A, np.exp(code_log_var)
    squares = np.diag(rest @ C @ rest.T) + W**2 @ code_var
    reconstruction = np.sum(np.log(2 * np.pi * noise) + squares / noise) / 2
    return reconstruction, np.sum(code_var - 1 - code_log_var) / 2
