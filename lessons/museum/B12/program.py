"""An autoencoder for small digits, and the epoch whose weights are kept."""

import numpy as np

import minae
from minae import Tensor, data, optim


def digits(first, last):
    """Test digits of MNIST, half as large, (n, 196)."""
    images = data.mnist("test")[0][first:last].reshape(-1, 14, 2, 14, 2)
    return images.mean(axis=(2, 4)).reshape(-1, 196).astype(float)


def split(x, validation, seed):
    """The pictures to train on, and the pictures to choose the epoch by."""
    order = np.random.default_rng(seed).permutation(len(x))
    return x[order], x[order[:validation]]


def start(rng, pixels=196, hidden=64):
    sizes = [(pixels, hidden), (hidden, pixels)]
    weights = [rng.standard_normal(s) / np.sqrt(s[0]) for s in sizes]
    return [Tensor(weight, requires_grad=True) for weight in weights]


def copy(x, weights):
    return (x @ weights[0]).tanh() @ weights[1]


def loss(x, *weights):
    """The squared error per pixel."""
    return ((copy(x, weights) - x) ** 2).mean()


def train(seed, epochs=300):
    """The losses on both parts, and the weights of the best validation."""
    rng = np.random.default_rng(seed)
    x, validation = split(digits(0, 120), 20, seed)
    weights, losses, validated, kept = start(rng), [], [], []
    optimiser = optim.Adam(weights, lr=0.005)
    for _ in range(epochs):
        error = loss(Tensor(x), *weights)
        optimiser.zero_grad()
        error.backward()
        optimiser.step()
        losses.append(error.item())
        validated.append(loss(Tensor(validation), *weights).item())
        if validated[-1] == min(validated):
            kept = [Tensor(weight.numpy().copy()) for weight in weights]
    return losses, kept, validated


def check_gradients(seed):
    rng = np.random.default_rng(seed)
    x = rng.random((5, 7))
    return minae.gradcheck(lambda *w: loss(x, *w), *start(rng, 7, 3))


if __name__ == "__main__":
    losses, _, validated = train(seed=0)
    print(f"the error falls from {losses[0]:.3f} to {losses[-1]:.4f}")
    print(f"validation: {min(validated):.4f} in epoch {np.argmin(validated)}")
    print(check_gradients(seed=0))
