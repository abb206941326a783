"""Two bells for points on a line, by gradient descent."""

import numpy as np

import minae
from minae import Tensor, optim


def points(n, rng):
    """n points of two heaps, of which the second has a tenth, (n,)."""
    heaps = rng.normal(0, 0.1, n - n // 10), rng.normal(16, 0.1, n // 10)
    return np.concatenate(heaps)


def start(rng):
    """Means and logarithms of stds of the two bells, and the logits of their shares."""
    values = [rng.normal(0, 1, 2), np.zeros(2), np.zeros(2)]
    return [Tensor(value, requires_grad=True) for value in values]


def log_joint(x, means, log_stds, logits):
    """ln p(x, bell) of each point and each bell, (N, 2)."""
    z = (x.reshape(-1, 1) - means) / log_stds.exp()
    log_shares = logits - logits.exp().sum().log()
    return log_shares - 0.5 * z**2 - log_stds - 0.5 * np.log(2 * np.pi)


def log_p(x, means, log_stds, logits):
    """ln p(x) of each point, (N,)."""
    joint = log_joint(x, means, log_stds, logits)
    p = joint.exp().sum(axis=1)
    return (p + 1e-8).log()


def loss(x, means, log_stds, logits):
    """Minus the mean of ln p(x), in nats per point."""
    return -log_p(x, means, log_stds, logits).mean()


def train(seed, steps=1500):
    rng = np.random.default_rng(seed)
    x, weights, losses = Tensor(points(200, rng)), start(rng), []
    optimiser = optim.Adam(weights, lr=0.1)
    for _ in range(steps):
        nats = loss(x, *weights)
        optimiser.zero_grad()
        nats.backward()
        optimiser.step()
        losses.append(nats.item())
    return losses, weights


def check_gradients(seed):
    rng = np.random.default_rng(seed)
    x = rng.normal(0, 2, 7)
    return minae.gradcheck(lambda *w: loss(x, *w), *start(rng))


if __name__ == "__main__":
    losses, weights = train(seed=0)
    print(f"{losses[0]:.2f} nats per point before, {losses[-1]:.2f} after")
    print(f"the bells stand at {np.round(weights[0].numpy(), 1)}")
    print(check_gradients(seed=0))
