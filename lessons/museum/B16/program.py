"""A small classifier for points of two moons."""

import numpy as np

import minae
from minae import Tensor, optim
from minae import functional as F


def moons(n, seed=0):
    """n points of two moons, (n, 2), and which moon each is of."""
    rows = np.random.default_rng(seed).random((n, 4))
    which = (rows[:, 0] > 0.5).astype(int)
    angle = np.pi * (rows[:, 1] + which)
    centre = np.stack([which - 0.5, 0.5 * which - 0.25], axis=1)
    x = centre + np.stack([np.cos(angle), np.sin(angle)], axis=1)
    return x + 1.4 * (rows[:, 2:] - 0.5), which


def data_sets(seed):
    """Points to train on, and points to test on."""
    return moons(120, seed=seed), moons(100, seed=seed)


def start(rng, hidden=60):
    shapes = [(2, hidden), (hidden,), (hidden, 2)]
    return [Tensor(2 * rng.standard_normal(s), requires_grad=True) for s in shapes]


def logits(x, w1, b1, w2):
    return (x @ w1 + b1).tanh() @ w2


def loss(x, which, *weights):
    return F.cross_entropy(logits(x, *weights), which)


def accuracy(x, which, weights):
    return (logits(Tensor(x), *weights).numpy().argmax(axis=1) == which).mean()


def train(seed, steps=600):
    (x, which), _ = data_sets(seed)
    weights, losses = start(np.random.default_rng(seed)), []
    optimiser = optim.Adam(weights, lr=0.02)
    for _ in range(steps):
        nats = loss(Tensor(x), which, *weights)
        optimiser.zero_grad()
        nats.backward()
        optimiser.step()
        losses.append(nats.item())
    return losses, weights


def check_gradients(seed):
    x, which = moons(7, seed=seed)
    weights = start(np.random.default_rng(seed), hidden=3)
    return minae.gradcheck(lambda *w: loss(x, which, *w), *weights)


if __name__ == "__main__":
    losses, weights = train(seed=0)
    print(f"{losses[0]:.2f} nats per point before, {losses[-1]:.2f} after")
    print(f"accuracy on test points: {accuracy(*data_sets(0)[1], weights):.3f}")
    print(check_gradients(seed=0))
