"""The average surprise of q, and not the difference."""

from solution import *

LOSES = ("test_kl_by_darts",)
SAYS = "that is all that q pays"


def kl_by_darts(mu_p, log_var_p, mu_q, log_var_q, n, seed):
    x = mu_p + np.exp(log_var_p / 2) * np.random.default_rng(seed).standard_normal((n, len(mu_p)))
    of_q = (x - mu_q) ** 2 / np.exp(log_var_q) + log_var_q + np.log(2 * np.pi)
    values = np.sum(of_q, axis=1) / 2
    return values.mean(), values.std(ddof=1) / np.sqrt(n)
