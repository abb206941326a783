"""The same bug, where p pays by eps."""

from solution import *

LOSES = ("test_kl_by_darts",)
SAYS = "and the std is its root"


def kl_by_darts(mu_p, log_var_p, mu_q, log_var_q, n, seed):
    eps = np.random.default_rng(seed).standard_normal((n, len(mu_p)))
    x = mu_p + np.exp(log_var_p) * eps
    of_q = (x - mu_q) ** 2 / np.exp(log_var_q) + log_var_q
    values = np.sum(of_q - eps**2 - log_var_p, axis=1) / 2
    return values.mean(), values.std(ddof=1) / np.sqrt(n)
