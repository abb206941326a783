"""q throws, and the cost is not turned."""

from solution import *

LOSES = ("test_kl_by_darts",)
SAYS = "the first letter throws, p"


def kl_by_darts(mu_p, log_var_p, mu_q, log_var_q, n, seed):
    x = mu_q + np.exp(log_var_q / 2) * np.random.default_rng(seed).standard_normal((n, len(mu_p)))
    of_p = (x - mu_p) ** 2 / np.exp(log_var_p) + log_var_p
    of_q = (x - mu_q) ** 2 / np.exp(log_var_q) + log_var_q
    values = np.sum(of_q - of_p, axis=1) / 2
    return values.mean(), values.std(ddof=1) / np.sqrt(n)
