"""A denoiser for small digits."""

import numpy as np

import minae
from minae import Tensor, data, optim

NOISE = 0.5  # the std of the noise
BATCH = 50


def digits(first, last):
    """Test digits of MNIST, half as large, (n, 196)."""
    images = data.mnist("test")[0][first:last].reshape(-1, 14, 2, 14, 2)
    return images.mean(axis=(2, 4)).reshape(-1, 196).astype(float)


def start(rng, pixels=196, hidden=100):
    sizes = [(pixels, hidden), (hidden, pixels)]
    weights = [rng.standard_normal(s) / np.sqrt(s[0]) for s in sizes]
    return [Tensor(weight, requires_grad=True) for weight in weights]


def clean(noisy, weights):
    return (noisy @ weights[0]).tanh() @ weights[1]


def loss(noisy, x, *weights):
    """The squared error of what was cleaned, per pixel."""
    return ((clean(noisy, weights) - x) ** 2).mean()


def pairs(x, epochs, seed):
    """What the network sees, batch by batch: noisy pictures, and the clean ones."""
    rng = np.random.default_rng(seed)
    noise = NOISE * rng.standard_normal((BATCH, x.shape[1]))
    for _ in range(epochs):
        for first in range(0, len(x), BATCH):
            batch = x[first : first + BATCH]
            yield batch + noise, batch


def train(seed, epochs=60):
    rng = np.random.default_rng(seed)
    weights, losses = start(rng), []
    optimiser = optim.Adam(weights, lr=0.003)
    for noisy, x in pairs(digits(0, 250), epochs, seed):
        error = loss(Tensor(noisy), Tensor(x), *weights)
        optimiser.zero_grad()
        error.backward()
        optimiser.step()
        losses.append(error.item())
    return losses, weights


def check_gradients(seed):
    rng = np.random.default_rng(seed)
    x = rng.random((5, 7))
    noisy = x + NOISE * rng.standard_normal((5, 7))
    return minae.gradcheck(lambda *w: loss(noisy, x, *w), *start(rng, 7, 3))


if __name__ == "__main__":
    losses, _ = train(seed=0)
    print(f"the error falls from {losses[0]:.3f} to {np.mean(losses[-30:]):.4f}")
    print(check_gradients(seed=0))
