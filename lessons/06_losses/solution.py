"""Exercise 6: one solution."""

import numpy as np


def gaussian_nll(x, target, sigma):
    z = (x - target) / sigma
    constant = np.log(sigma) + np.log(2 * np.pi) / 2
    value = (z * z / 2 + constant).sum() / len(x)
    return value, (lambda g: g * z / sigma / len(x), lambda g: -g * z / sigma / len(x))


def binary_cross_entropy_with_logits(logits, targets):
    e = np.exp(-np.abs(logits))
    losses = np.maximum(logits, 0) - targets * logits + np.log1p(e)
    p = np.where(logits > 0, 1, e) / (1 + e)
    n = len(logits)
    return losses.sum() / n, (lambda g: g * (p - targets) / n, lambda g: -g * logits / n)


def cross_entropy(logits, labels):
    lowered = logits - logits.max(axis=1, keepdims=True)
    log_p = lowered - np.log(np.exp(lowered).sum(axis=1, keepdims=True))
    n, rows = len(logits), np.arange(len(logits))

    def vjp(g):
        slopes = np.exp(log_p)
        slopes[rows, labels] -= 1
        return g * slopes / n

    return -log_p[rows, labels].sum() / n, (vjp,)


def nats_per_example(value, unit, examples, numbers):
    measure, _, per = unit.split()
    nats = value * np.log(2) if measure == "bits" else value
    return float(nats * {"example": 1, "number": numbers, "batch": 1 / examples}[per])


def bce_of_probabilities(p, targets):
    least = np.exp(-100)
    return -targets * np.log(np.maximum(p, least)) - (1 - targets) * np.log(np.maximum(1 - p, least))


def telephone_losses(x, pictures, codes):
    of_picture = np.mean(np.sum((x - pictures) ** 2 / 2, axis=1))
    of_code = np.mean(np.sum(codes**2 / 2, axis=1))
    return of_picture, of_code


def factors_until_zero(p):
    product, factors = 1.0, 0
    while product > 0:
        product *= p
        factors += 1
    return factors


WHY_THEN = "About 745 nats in both cases: the coin spends 0.69 of them at a time, the die 1.79."
