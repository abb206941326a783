"""A classifier for small digits, with weight decay against overfitting."""

import numpy as np

import minae
from minae import Tensor, data, optim
from minae import functional as F


def digits(first, last):
    """Test digits of MNIST, half as large, (n, 196), and which they are, (n,)."""
    images, labels = (array[first:last] for array in data.mnist("test"))
    small = images.reshape(-1, 14, 2, 14, 2).mean(axis=(2, 4))
    return small.reshape(-1, 196).astype(float), labels


def start(rng, pixels=196, hidden=50, classes=10):
    sizes = [(pixels, hidden), (hidden, classes)]
    weights = [rng.standard_normal(s) / np.sqrt(s[0]) for s in sizes]
    return [Tensor(weight, requires_grad=True) for weight in weights]


def logits(x, weights):
    return (x @ weights[0]).tanh() @ weights[1]


def penalty(weights):
    return sum((weight**2).sum() for weight in weights)


def loss(x, labels, *weights, decay=0.0):
    """The cross-entropy, in nats, and decay times the squares of the weights."""
    return F.cross_entropy(logits(x, weights), labels) + decay * penalty(weights)


def accuracy(x, labels, weights):
    return (logits(Tensor(x), weights).numpy().argmax(axis=1) == labels).mean()


def train(seed, decay=0.003, steps=200):
    rng = np.random.default_rng(seed)
    (x, labels), weights, losses = digits(0, 100), start(rng), []
    optimiser = optim.Adam(weights, lr=0.01)
    for _ in range(steps):
        nats = loss(Tensor(x), labels, *weights)
        optimiser.zero_grad()
        nats.backward()
        optimiser.step()
        losses.append(nats.item())
    return losses, weights


def check_gradients(seed):
    rng = np.random.default_rng(seed)
    x, labels = rng.random((5, 7)), rng.integers(0, 3, 5)
    return minae.gradcheck(
        lambda *w: loss(x, labels, *w, decay=0.1), *start(rng, 7, 4, 3)
    )


if __name__ == "__main__":
    for seed, decay in enumerate([0.0, 0.001, 0.003, 0.01]):
        losses, weights = train(seed, decay)
        print(f"decay {decay}: loss {losses[0]:.2f} to {losses[-1]:.2f},", end=" ")
        print(f"accuracy {accuracy(*digits(500, 1000), weights):.3f}")
    print(check_gradients(seed=0))
