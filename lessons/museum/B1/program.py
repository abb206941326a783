"""A VAE with one number for points along a bent line."""

import numpy as np

import minae
from minae import Tensor, optim

NOISE = 0.2  # the std of the points around the line


def points(n, rng):
    """n points around a wave, (n, 2)."""
    t = rng.standard_normal((n, 1))
    return np.hstack([t, np.sin(2 * t)]) + NOISE * rng.standard_normal((n, 2))


def start(rng, hidden=16):
    """The weights of the encoder, then of the decoder."""
    encoder = [(2, hidden), (hidden,), (hidden, 2), (2,)]
    decoder = [(1, hidden), (hidden,), (hidden, 2), (2,)]
    shapes = encoder + decoder
    return [Tensor(0.5 * rng.standard_normal(s), requires_grad=True) for s in shapes]


def network(x, w1, b1, w2, b2):
    return (x @ w1 + b1).tanh() @ w2 + b2


def sample(mu, log_var, eps):
    """A code from N(mu, exp(log_var)), by noise eps from N(0, 1)."""
    return mu + log_var.exp() * eps


def kl_divergence(mu, log_var):
    """KL(N(mu, exp(log_var)) || N(0, 1)) of each row."""
    return 0.5 * (mu**2 + log_var.exp() - 1 - log_var).sum(axis=1)


def loss(x, eps, *weights):
    """The negative ELBO, in nats per point."""
    code = network(x, *weights[:4])
    mu, log_var = code[:, :1], code[:, 1:]
    copy = network(sample(mu, log_var, eps), *weights[4:])
    squares = ((x - copy) ** 2).sum(axis=1) / (2 * NOISE**2)
    reconstruction = squares + 2 * np.log(NOISE * np.sqrt(2 * np.pi))
    return (reconstruction + kl_divergence(mu, log_var)).mean()


def train(seed, steps=1000):
    rng = np.random.default_rng(seed)
    x, weights, losses = Tensor(points(300, rng)), start(rng), []
    optimiser = optim.Adam(weights, lr=0.02)
    for _ in range(steps):
        nats = loss(x, Tensor(rng.standard_normal((300, 1))), *weights)
        optimiser.zero_grad()
        nats.backward()
        optimiser.step()
        losses.append(nats.item())
    return losses, weights


def check_gradients(seed):
    rng = np.random.default_rng(seed)
    x, eps = points(7, rng), rng.standard_normal((7, 1))
    return minae.gradcheck(lambda *w: loss(x, eps, *w), *start(rng, hidden=3))


if __name__ == "__main__":
    losses, _ = train(seed=0)
    print(f"{losses[0]:.2f} nats per point before, {np.mean(losses[-50:]):.2f} after")
    print(check_gradients(seed=0))
