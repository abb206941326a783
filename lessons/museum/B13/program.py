"""An autoencoder for short sequences: waves of any strength and phase."""

import numpy as np

import minae
from minae import Tensor, optim

STEPS = 24
BATCH = 24


def waves(n, rng, steps=STEPS):
    """n waves, (n, steps)."""
    strength, phase = rng.uniform(0.5, 1.5, (n, 1)), rng.uniform(0, 2 * np.pi, (n, 1))
    return strength * np.sin(np.arange(steps) / 2 + phase)


def start(rng, steps=STEPS, hidden=20, latent=3):
    """Weights and biases of each step, then to the code, then from the code."""
    shapes = [(steps, hidden), (steps, hidden), (hidden, latent), (latent, steps)]
    return [Tensor(0.7 * rng.standard_normal(s), requires_grad=True) for s in shapes]


def encode(x, each, bias, to_code, _):
    """The code of each sequence: what all of its steps say, averaged."""
    h = (x.reshape(*x.shape, 1) * each + bias).tanh()
    return h.mean(axis=0) @ to_code


def copy(x, *weights):
    return encode(x, *weights) @ weights[3]


def loss(x, *weights):
    """The squared error per step."""
    return ((copy(x, *weights) - x) ** 2).mean()


def train(seed, steps=1000):
    rng = np.random.default_rng(seed)
    x, weights, losses = Tensor(waves(BATCH, rng)), start(rng), []
    optimiser = optim.Adam(weights, lr=0.02)
    for _ in range(steps):
        error = loss(x, *weights)
        optimiser.zero_grad()
        error.backward()
        optimiser.step()
        losses.append(error.item())
    return losses, weights


def check_gradients(seed):
    rng = np.random.default_rng(seed)
    x = waves(5, rng, steps=5)
    return minae.gradcheck(lambda *w: loss(x, *w), *start(rng, 5, 3, 2))


if __name__ == "__main__":
    losses, _ = train(seed=0)
    print(f"the error falls from {losses[0]:.3f} to {losses[-1]:.4f}")
    print(check_gradients(seed=0))
