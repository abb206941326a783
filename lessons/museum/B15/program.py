"""An importance-weighted autoencoder with one number for points along a wave."""

import numpy as np

import minae
import minae.functional as F
from minae import Tensor, optim

NOISE = 0.2  # the std of the points around the wave


def points(n, rng):
    """n points around a wave, (n, 2)."""
    t = rng.standard_normal((n, 1))
    return np.hstack([t, np.sin(2 * t)]) + NOISE * rng.standard_normal((n, 2))


def start(rng, hidden=16):
    """The weights of the encoder, then of the decoder."""
    encoder = [(2, hidden), (hidden,), (hidden, 2), (2,)]
    decoder = [(1, hidden), (hidden,), (hidden, 2), (2,)]
    shapes = encoder + decoder
    return [Tensor(0.3 * rng.standard_normal(s), requires_grad=True) for s in shapes]


def network(x, w1, b1, w2, b2):
    return (x @ w1 + b1).tanh() @ w2 + b2


def nats_of_samples(x, eps, weights):
    """-ln(p(x, z) / q(z|x)) of k samples z for each point: (k, N)."""
    code = network(x, *weights[:4])
    mu, log_var = code[:, 0], code[:, 1]
    z = mu + (0.5 * log_var).exp() * eps
    copy = network(z.reshape(-1, 1), *weights[4:]).reshape(*eps.shape, 2)
    squares = ((x - copy) ** 2).sum(axis=2) / (2 * NOISE**2)
    return (
        squares
        + 2 * np.log(NOISE * np.sqrt(2 * np.pi))
        + 0.5 * (z**2 - eps**2 - log_var)
    )


def bound(nats):
    """What each point costs, from the nats of its k samples: (k, N) -> (N,)."""
    weight = F.softmax(nats, axis=0)
    return (weight * nats).sum(axis=0)


def loss(x, eps, *weights):
    return bound(nats_of_samples(x, eps, weights)).mean()


def train(seed, k=8, steps=800):
    rng = np.random.default_rng(seed)
    x, weights, losses = Tensor(points(200, rng)), start(rng), []
    optimiser = optim.Adam(weights, lr=0.02)
    for _ in range(steps):
        nats = loss(x, Tensor(rng.standard_normal((k, 200))), *weights)
        optimiser.zero_grad()
        nats.backward()
        optimiser.step()
        losses.append(nats.item())
    return losses, weights


def check_gradients(seed):
    rng = np.random.default_rng(seed)
    x, eps = points(5, rng), rng.standard_normal((3, 5))
    return minae.gradcheck(lambda *w: loss(x, eps, *w), *start(rng, hidden=2))


if __name__ == "__main__":
    losses, _ = train(seed=0)
    print(f"{losses[0]:.2f} nats per point before, {np.mean(losses[-50:]):.2f} after")
    print(check_gradients(seed=0))
