"""A VAE with one number for points along a wave, and a check of its KL."""

import numpy as np

import minae
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
    return [Tensor(0.5 * rng.standard_normal(s), requires_grad=True) for s in shapes]


def network(x, w1, b1, w2, b2):
    return (x @ w1 + b1).tanh() @ w2 + b2


def kl_divergence(mu, log_var):
    """KL(N(mu, exp(log_var)) || N(0, 1)) of each row."""
    return 0.5 * (mu**2 + log_var.exp() - 1 - log_var).sum(axis=1)


def check_kl(kl, cases=10, draws=20_000):
    """Whether a KL agrees with the mean of ln q(z) - ln p(z) over draws z of q."""
    rng = np.random.default_rng(0)
    for _ in range(cases):
        mu, log_var = rng.standard_normal((1, 3)), np.zeros((1, 3))
        eps = rng.standard_normal((draws, 3))
        z = mu + np.exp(0.5 * log_var) * eps
        found = 0.5 * (z**2 - eps**2 - log_var).sum(axis=1)
        error = found.std() / np.sqrt(draws)
        if abs(found.mean() - kl(Tensor(mu), Tensor(log_var)).item()) > 5 * error:
            return False
    return True


def loss(x, eps, *weights):
    """The negative ELBO, in nats per point, but for a constant."""
    code = network(x, *weights[:4])
    mu, log_var = code[:, :1], code[:, 1:]
    copy = network(mu + (0.5 * log_var).exp() * eps, *weights[4:])
    squares = ((x - copy) ** 2).sum(axis=1) / (2 * NOISE**2)
    return (squares + kl_divergence(mu, log_var)).mean()


def train(seed, steps=600):
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
    x, eps = points(5, rng), rng.standard_normal((5, 1))
    return minae.gradcheck(lambda *w: loss(x, eps, *w), *start(rng, hidden=2))


if __name__ == "__main__":
    losses, _ = train(seed=0)
    print(f"{losses[0]:.2f} nats per point before, {np.mean(losses[-50:]):.2f} after")
    print(f"the KL agrees with its definition: {check_kl(kl_divergence)}")
    print(check_gradients(seed=0))
