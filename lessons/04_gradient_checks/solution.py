"""Exercise 4: one solution."""

import numpy as np


def check(op, x, seed):
    x = x.astype(np.float64)
    y, (backward,) = op(x)
    c = np.random.default_rng(seed).standard_normal(np.shape(y))
    gradient, slopes = backward(c), np.empty_like(x)
    for index in np.ndindex(x.shape):
        step = np.zeros_like(x)
        step[index] = 1e-5
        slopes[index] = np.sum(c * (op(x + step)[0] - op(x - step)[0])) / 2e-5
    if not np.isfinite(gradient).all():
        return np.inf
    larger = max(np.abs(gradient).max(), np.abs(slopes).max())
    return float(np.abs(gradient - slopes).max() / larger) if larger else 0.0


def is_kink(f, x, direction):
    here = f(x)

    def gap(h):
        return abs(f(x + h * direction) - 2 * here + f(x - h * direction)) / h

    large, small = gap(1e-4), gap(1e-5)
    size = max(abs(here), abs(f(x + 1e-4 * direction)), abs(f(x - 1e-4 * direction)))
    rounding = 4 * np.finfo(np.float64).eps * size / 1e-5
    return bool(small > large / 2 and small > 10 * rounding)


def sample_moments_match(sample, mu, log_var, seed, n=10_000):
    eps = np.random.default_rng(seed).standard_normal(n)
    z = sample(np.full(n, mu), np.full(n, log_var), eps)
    variance = np.exp(log_var)
    mean_fits = abs(z.mean() - mu) <= 4 * np.sqrt(variance / n)
    variance_fits = abs(z.var() - variance) <= 4 * variance * np.sqrt(2 / n)
    return bool(mean_fits and variance_fits)


def lying_softmax(x):
    powers = np.exp(x - x.max(axis=-1, keepdims=True))
    y = powers / powers.sum(axis=-1, keepdims=True)
    return y, (lambda g: y * (g - g.mean(axis=-1, keepdims=True)),)


def log_cosh(prediction, target):
    d = prediction - target
    y = np.abs(d) + np.log1p(np.exp(-2 * np.abs(d))) - np.log(2)
    return y, (lambda g: g * np.tanh(d), lambda g: -g * np.tanh(d))


def samples_until_seen(s, seed):
    promised = np.exp(s)
    for n in (250 * 2**k for k in range(10)):
        z = np.exp(s) * np.random.default_rng(seed).standard_normal(n)
        if abs(z.var() - promised) > 5 * promised * np.sqrt(2 / n):
            return n
    return 0


WHY_SO_MANY = "Four times as many: the excess is halved, and the standard error falls like 1/√n."
