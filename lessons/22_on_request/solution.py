"""Exercise 22: one solution."""

import numpy as np


def labelled_linear(x, labels, W, V):
    def to_V(g):
        of_V = np.zeros_like(V)
        np.add.at(of_V, labels, g)
        return of_V

    return x @ W + V[labels], (lambda g: g @ W.T, lambda g: x.T @ g, to_V)


def by_bayes(costs, prior):
    log_joint = np.log(prior) - costs
    top = log_joint.max(axis=1, keepdims=True)
    log_px = top + np.log(np.exp(log_joint - top).sum(axis=1, keepdims=True))
    return np.exp(log_joint - log_px), -log_px[:, 0]


def unlabelled_cost(costs, logits):
    centred = logits - logits.max(axis=1, keepdims=True)
    log_q = centred - np.log(np.exp(centred).sum(axis=1, keepdims=True))
    q = np.exp(log_q)
    value = (q * (costs + log_q)).sum(axis=1)

    def to_costs(g):
        return g[:, None] * q

    def to_logits(g):
        return g[:, None] * q * (costs + log_q - value[:, None])

    return value, (to_costs, to_logits)


def in_its_style(picture, label, encode, decode):
    mu, _ = encode(picture[None], np.array([label]))
    return decode(mu.repeat(10, axis=0), np.arange(10))


def on_request(x, labels, eps, parts):
    hidden = np.tanh(x @ parts["W"] + parts["V"][labels])
    mu, log_var = hidden @ parts["M"], hidden @ parts["S"]
    z = mu + np.exp(log_var / 2) * eps
    drawn = np.tanh(z @ parts["A"] + parts["B"][labels])
    logits = drawn @ parts["L"]
    surprise = np.logaddexp(0, logits) - x * logits
    kl = (mu**2 + np.exp(log_var) - 1 - log_var) / 2
    return surprise.sum(axis=1).mean(), kl.sum(axis=1).mean()


def every_guess(cost, x, classes):
    pictures = np.repeat(x, classes, axis=0)
    labels = np.tile(np.arange(classes), len(x))
    return cost(pictures, labels).reshape(len(x), classes)


def few_labels(x, labels, classes, rounds):
    known = labels[:, None] == np.arange(classes)
    means = known.T @ x / known.sum(axis=0)[:, None]
    for _ in range(rounds):
        shares = np.where(labels[:, None] < 0, guesses(x, means), known)
        means = shares.T @ x / shares.sum(axis=0)[:, None]
    return means, guesses(x, means).argmax(axis=1)


def guesses(x, means):
    costs = ((x[:, None] - means) ** 2).sum(axis=2) / 2
    return by_bayes(costs, np.full(len(means), 1 / len(means)))[0]


WHEN_IT_HELPS = (
    "They help where the points lie in clouds and each cloud is a class. If the clouds lie across the classes, "
    "the means walk to the clouds, and the labels are outvoted."
)
