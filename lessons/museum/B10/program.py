"""Ten pictures, one for each digit, that come out of noise: those that cost least."""

import numpy as np

import minae
from minae import Tensor, data, optim


def digits(first, last):
    """Test digits of MNIST, half as large, (n, 196); and which they are, (n, 10)."""
    images, labels = (array[first:last] for array in data.mnist("test"))
    small = images.reshape(-1, 14, 2, 14, 2).mean(axis=(2, 4)).reshape(-1, 196)
    return (small > 0.4).astype(float), np.eye(10)[labels]


def start(rng, classes=10, pixels=196):
    """Noise, from quite black to quite white."""
    return Tensor(4 * rng.standard_normal((classes, pixels)), requires_grad=True)


def paint(which, logits):
    """How probable it is that each pixel is white."""
    return 1 / (1 + (-(which @ logits)).exp())


def cross_entropy(p, x):
    """What pixels x cost if they are white with probability p, in nats per pixel."""
    p = p.clip(1e-15, 0.999)
    return -(x * p.log() + (1 - x) * (1 - p).log()).mean()


def loss(which, x, logits):
    return cross_entropy(paint(which, logits), x)


def train(seed, steps=300):
    rng = np.random.default_rng(seed)
    x, which = map(Tensor, digits(0, 300))
    logits, losses = start(rng), []
    optimiser = optim.Adam([logits], lr=0.1)
    for _ in range(steps):
        nats = loss(which, x, logits)
        optimiser.zero_grad()
        nats.backward()
        optimiser.step()
        losses.append(nats.item())
    return losses, logits


def check_gradients(seed):
    rng = np.random.default_rng(seed)
    which, x = np.eye(3)[rng.integers(0, 3, 5)], rng.integers(0, 2, (5, 7)) * 1.0
    return minae.gradcheck(
        lambda logits: loss(which, x, logits), rng.uniform(-4, 4, (3, 7))
    )


if __name__ == "__main__":
    losses, _ = train(seed=0)
    print(f"{losses[0]:.2f} nats per pixel before, {losses[-1]:.2f} after")
    print(check_gradients(seed=0))
