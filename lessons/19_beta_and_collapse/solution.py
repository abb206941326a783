"""Exercise 19: one solution."""

import numpy as np


def gaussian_reconstruction(x, copies, log_var):
    missed, var = copies - x, np.exp(log_var)
    costs = (missed**2 / var + log_var + np.log(2 * np.pi)) / 2
    of_var = np.sum(1 - missed**2 / var, axis=0) / 2 / len(x)
    if len(log_var) == 1:
        of_var = np.sum(of_var, keepdims=True)
    value = np.sum(costs) / len(x)
    return value, (lambda g: g * missed / var / len(x), lambda g: g * of_var)


def exact_bound(C, W, noise, A, code_log_var):
    rest, code_var = np.eye(len(C)) - W @ A, np.exp(code_log_var)
    squares = np.diag(rest @ C @ rest.T) + W**2 @ code_var
    mu_squares = np.diag(A @ C @ A.T)
    reconstruction = np.sum(np.log(2 * np.pi * noise) + squares / noise) / 2
    return reconstruction, np.sum(mu_squares + code_var - 1 - code_log_var) / 2


def gaussians_apart(C, S):
    """KL(N(0, C) || N(0, S))."""
    _, of_C = np.linalg.slogdet(C)
    _, of_S = np.linalg.slogdet(S)
    return (np.trace(np.linalg.solve(S, C)) - len(C) + of_S - of_C) / 2


def exact_gap(C, W, noise, A, code_log_var):
    drawn = W @ W.T + np.diag(noise)
    posterior = np.linalg.inv(np.eye(W.shape[1]) + W.T / noise @ W)
    off = A - posterior @ W.T / noise
    of_means = np.trace(np.linalg.solve(posterior, off @ C @ off.T)) / 2
    return gaussians_apart(C, drawn), gaussians_apart(np.diag(np.exp(code_log_var)), posterior) + of_means


def nats_spent(variances, noise, beta):
    nats = np.maximum(0, np.log(variances / (beta * noise)) / 2)
    return nats, np.minimum(variances, beta * noise)


def hidden_betas(pixels, latents, noise):
    return pixels, 1 / (2 * noise), pixels / 200, 1 / latents


def vae_losses(x, copies, mu, log_var, noise):
    reconstruction = np.sum((x - copies) ** 2) / (2 * noise) / len(x)
    kl = np.sum(mu**2 + np.exp(log_var) - 1 - log_var) / 2 / len(x)
    return reconstruction, kl


def two_curves(training, validation, beta, warm_up):
    of_training, of_validation = (curve @ np.array([1.0, beta]) for curve in (training, validation))
    return of_training, of_validation, int(np.argmin(of_validation))


def least_kl(angle, long, short):
    cos, sin = np.cos(angle), np.sin(angle)
    first, second = long * cos**2 + short * sin**2, long * sin**2 + short * cos**2
    common = (long - short) * cos * sin
    w = np.sqrt(np.linspace(common**2 / second, first, 100_002)[1:-1])
    noises = (first - w**2) * (second - (common / w) ** 2)
    return float(np.log(long * short / noises.max()) / 2)


WHY_THEN = "It falls as it rose, to 0: what counts is what the two coordinates have in common, not the length."
