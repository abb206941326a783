"""No seed."""

from solution import *

LOSES = ("test_fit_bell",)
SAYS = "All noise must come from the seed"


def fit_bell(log_joint, slope, k, mu, log_var, steps, lr, seed):
    rng = np.random.default_rng()
    for _ in range(steps):
        eps = rng.standard_normal((k, 100))
        in_mu, in_log_var = doubly_slopes(log_joint, slope, mu, log_var, eps)
        mu, log_var = mu + lr * in_mu.mean(), log_var + lr * in_log_var.mean()
    return mu, log_var
