"""The means are not measured in units of q."""

from solution import *

LOSES = ("test_kl_gaussians",)
SAYS = "not in units of q's std"


def kl_gaussians(mu_p, log_var_p, mu_q, log_var_q):
    ratio = log_var_p - log_var_q
    return np.sum((mu_p - mu_q) ** 2 + np.exp(ratio) - 1 - ratio, axis=1) / 2
