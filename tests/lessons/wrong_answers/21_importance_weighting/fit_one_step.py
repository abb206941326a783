"""Makes a single step."""

from solution import *

LOSES = ("test_fit_bell",)
SAYS = "should come to about"


def fit_bell(log_joint, slope, k, mu, log_var, steps, lr, seed):
    rng = np.random.default_rng(seed)
    for _ in range(1):
        eps = rng.standard_normal((k, 100))
        in_mu, in_log_var = doubly_slopes(log_joint, slope, mu, log_var, eps)
        mu, log_var = mu + lr * in_mu.mean(), log_var + lr * in_log_var.mean()
    return mu, log_var
