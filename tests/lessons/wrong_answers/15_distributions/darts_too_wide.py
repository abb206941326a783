"""The variance where the std belongs, as in the famous bug."""

from solution import *

LOSES = ("test_kl_by_darts",)
SAYS = "and exp(log_var / 2) the std"


def kl_by_darts(mu_p, log_var_p, mu_q, log_var_q, n, seed):
    x = mu_p + np.exp(log_var_p) * np.random.default_rng(seed).standard_normal((n, len(mu_p)))
    of_p = (x - mu_p) ** 2 / np.exp(log_var_p) + log_var_p
    of_q = (x - mu_q) ** 2 / np.exp(log_var_q) + log_var_q
    values = np.sum(of_q - of_p, axis=1) / 2
    return values.mean(), values.std(ddof=1) / np.sqrt(n)
