"""Exercise 15: one solution."""

import numpy as np


def bill(p, q):
    happens = p > 0
    p, q = p[happens], q[happens]
    with np.errstate(divide="ignore"):  # nothing was put on it
        entropy, cost = (-(p @ np.log(believed)) for believed in (p, q))
    return entropy, cost, cost - entropy


def shares(money, bets, outcomes):
    counts = np.bincount(outcomes, minlength=bets.shape[1])
    happened = counts > 0
    with np.errstate(divide="ignore"):  # nothing was put on it
        log_money = np.log(money) + np.log(bets[:, happened]) @ counts[happened]
    part = np.exp(log_money - log_money.max())
    return part / part.sum()


def kl_gaussians(mu_p, log_var_p, mu_q, log_var_q):
    moved = (mu_p - mu_q) ** 2 * np.exp(-log_var_q)
    log_ratio = log_var_p - log_var_q
    return np.sum(moved + np.exp(log_ratio) - 1 - log_ratio, axis=1) / 2


def kl_by_darts(mu_p, log_var_p, mu_q, log_var_q, n, seed):
    eps = np.random.default_rng(seed).standard_normal((n, len(mu_p)))
    darts = mu_p + np.exp(log_var_p / 2) * eps
    squares = (darts - mu_q) ** 2 * np.exp(-log_var_q)
    extra = np.sum(squares + log_var_q - eps**2 - log_var_p, axis=1) / 2
    return extra.mean(), extra.std(ddof=1) / np.sqrt(n)


def surprise(x, mean, covariance):
    root = np.linalg.cholesky(covariance)
    eps = np.linalg.solve(root, (x - mean).T)
    constant = np.log(np.diag(root)).sum() + len(mean) / 2 * np.log(2 * np.pi)
    return np.sum(eps**2, axis=0) / 2 + constant


def draw(mean, std, n, seed):
    rng = np.random.default_rng(seed)
    return rng.multivariate_normal(mean, np.diag(std**2), n)


def score(nats):
    of_pictures = nats.mean(axis=1)
    return of_pictures.mean(), of_pictures.std(ddof=1) / np.sqrt(len(of_pictures))


def best_bell(x, p, means, stds):
    step, log_p = x[1] - x[0], np.log(p)
    tried = []
    for mean, std in ((mean, std) for mean in means for std in stds):
        log_q = -(((x - mean) / std) ** 2) / 2 - np.log(std * np.sqrt(2 * np.pi))
        extra = step * (log_p - log_q)
        tried.append((p @ extra, -np.exp(log_q) @ extra, mean, std))
    return tuple(min(tried, key=lambda bell: bell[way])[2:] for way in (0, 1))


WHY_IT_HIDES = (
    "q pays wherever it throws and p does not, so it leaves the empty middle; one heap alone costs only ln 2."
)
