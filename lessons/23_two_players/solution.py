"""Exercise 23: one solution."""

import numpy as np

from minae import Tensor, nn, optim
from minae import functional as F


def best_logit(x, mu, log_var, other_mu, other_log_var):
    surprise = ((x - mu) ** 2 / np.exp(log_var) + log_var).sum(axis=1) / 2
    other_surprise = ((x - other_mu) ** 2 / np.exp(other_log_var) + other_log_var).sum(axis=1) / 2
    return other_surprise - surprise


def chance(logit):
    """sigmoid, without an overflow."""
    return np.exp(-np.logaddexp(0, -logit))


def judge_loss(real, made):
    loss = np.logaddexp(0, -real).mean() + np.logaddexp(0, made).mean()
    return loss, (lambda g: -g * chance(-real) / real.size, lambda g: g * chance(made) / made.size)


def forger_loss(made):
    return np.logaddexp(0, -made).mean(), (lambda g: -g * chance(-made) / made.size,)


def network(x, weights):
    for place in range(0, len(weights), 2):
        x = F.leaky_relu(x, 0.2) if place else x
        x = x @ weights[place] + weights[place + 1]
    return x


def leaves(weights):
    return [Tensor(w, requires_grad=True) for w in weights]


def slopes(loss, weights):
    loss.backward()
    return [w.grad for w in weights]


def three_gradients(x, drawn, encoder, decoder, judge):
    x, drawn = Tensor(x), Tensor(drawn)
    coder, drawer = leaves(encoder), leaves(decoder)
    logits = network(network(x, coder), drawer)
    copying = F.binary_cross_entropy_with_logits(logits, x, "sum") / len(x)
    of_copying = slopes(copying, [*coder, *drawer])

    critic, codes = leaves(judge), network(x, encoder)
    judging = F.softplus(-network(drawn, critic)).mean() + F.softplus(network(codes, critic)).mean()
    of_judging = slopes(judging, critic)

    deceiver = leaves(encoder)
    deceiving = F.softplus(-network(network(x, deceiver), judge)).mean()
    return of_copying, of_judging, slopes(deceiving, deceiver)


def play(real, noise, forger, judge, lr):
    forger = [nn.Parameter(w.copy()) for w in forger]
    judge = [nn.Parameter(w.copy()) for w in judge]
    optimizer = optim.SGD([*forger, *judge], lr)
    for batch, eps in zip(real, noise, strict=True):
        optimizer.zero_grad()
        made = network(Tensor(eps), forger)
        of_real, of_made = network(Tensor(batch), judge), network(made.detach(), judge)
        still = [w.detach() for w in judge]
        judging = F.softplus(-of_real).mean() + F.softplus(of_made).mean()
        deceiving = F.softplus(-network(made, still)).mean()
        (judging + deceiving).backward()
        optimizer.step()
    return [w.numpy() for w in forger], [w.numpy() for w in judge]


def second_opinion(made, drawn, seed):
    rng, half = np.random.default_rng(seed), len(made) // 2
    hidden, last = nn.Linear(made.shape[1], 64, rng=rng), nn.Linear(64, 1, rng=rng)
    judge = nn.Sequential(hidden, nn.LeakyReLU(0.2), last)

    def loss(some_drawn, some_made):
        of_drawn, of_made = judge(Tensor(some_drawn)), judge(Tensor(some_made))
        return F.softplus(-of_drawn).mean() + F.softplus(of_made).mean()

    optimizer = optim.Adam(judge.parameters(), 0.01)
    for _ in range(400):
        some, others = rng.integers(0, half, (2, 100))
        optimizer.zero_grad()
        loss(drawn[some], made[others]).backward()
        optimizer.step()
    return loss(drawn[half:], made[half:]).item()


def slopes_of_a_forger(mu, n, seed):
    z = mu + np.random.default_rng(seed).standard_normal(n)
    logit = mu**2 / 2 - mu * z
    return (mu * chance(logit)).mean(), (mu * chance(-logit)).mean()


WHY_IT_STOPS = "The first: D is almost 0 at all its dots, so ln(1 - D) is flat there, just where it has most to learn."
