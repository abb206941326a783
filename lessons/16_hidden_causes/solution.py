"""Exercise 16: one solution."""

import numpy as np


def log_joint(x, weights, means, covariances):
    columns = []
    for weight, mean, covariance in zip(weights, means, covariances):
        root = np.linalg.cholesky(covariance)
        white = np.linalg.solve(root, (x - mean).T)
        nats = np.sum(white**2, axis=0) / 2 + np.log(np.diag(root)).sum() + len(mean) * np.log(2 * np.pi) / 2
        columns.append(np.log(weight) - nats)
    return np.array(columns).T


def e_step(log_joint):
    largest = log_joint.max(axis=1, keepdims=True)
    log_p = largest + np.log(np.sum(np.exp(log_joint - largest), axis=1, keepdims=True))
    return log_p[:, 0], np.exp(log_joint - log_p)


def m_step(x, posterior):
    owned = posterior.sum(axis=0)
    means = posterior.T @ x / owned[:, None]
    offsets = x - means[:, None]
    return owned / len(x), means, np.einsum("nk,knd,kne->kde", posterior, offsets, offsets) / owned[:, None, None]


def em(x, weights, means, covariances, steps):
    log_p, posterior = e_step(log_joint(x, weights, means, covariances))
    scores = [log_p.mean()]
    for _step in range(steps):
        weights, means, covariances = m_step(x, posterior)
        log_p, posterior = e_step(log_joint(x, weights, means, covariances))
        scores.append(log_p.mean())
    return weights, means, covariances, np.array(scores)


def elbo(log_joint, q):
    log_p, _ = e_step(log_joint)
    log_q = np.log(np.where(q > 0, q, 1))
    bound = np.sum(q * (log_joint - log_q), axis=1)
    return bound, np.sum(q * (log_q - (log_joint - log_p[:, None])), axis=1)


def elbo_slope(logits, log_joint):
    log_total, q = e_step(logits)
    earned = log_joint - (logits - log_total[:, None])
    bound = np.sum(q * earned, axis=1)
    return -bound.mean(), -q * (earned - bound[:, None]) / len(q)


def encoder_gap(features, log_joint, steps, lr):
    W = np.zeros((features.shape[1], log_joint.shape[1]))
    for _step in range(steps):
        W = W - lr * features.T @ elbo_slope(features @ W, log_joint)[1]
    return elbo(log_joint, e_step(features @ W)[1])[1].mean()


WHY_SQUARES = "The logarithm of a bell is a square, so the logits of Bayes are a parabola; no straight line follows it."
