"""A straight line through points with outliers, by a loss of its own, with a check."""

import numpy as np

import minae
from minae import Tensor, differentiable, optim


@differentiable
def huber(r):
    """r^2 / 2 where |r| < 1, and |r| - 1/2 elsewhere."""
    small = np.abs(r) < 1
    y = np.where(small, 0.5 * r**2, np.abs(r) - 0.5)
    return y, (lambda g: g * np.where(small, r, np.sign(r)),)


def check_huber(op, cases=100):
    """Whether an op is the Huber loss, at many random places."""
    for _ in range(cases):
        r = 3 * np.random.default_rng(0).standard_normal(3)
        expected = np.minimum(0.5 * r**2, 0.5) + np.maximum(np.abs(r) - 1, 0)
        if not np.allclose(op(Tensor(r)).numpy(), expected):
            return False
    return True


def points(n, rng):
    """x and y along the line y = 2 x - 1; each twentieth y is somewhere else."""
    x = rng.uniform(-2, 2, n)
    y = 2 * x - 1 + 0.2 * rng.standard_normal(n)
    y[::20] = rng.uniform(5, 10, len(y[::20]))
    return x, y


def start(rng):
    """A slope and a place at 0."""
    return [Tensor(rng.normal(0, 3), requires_grad=True) for _ in range(2)]


def loss(x, y, slope, place):
    return huber(slope * x + place - y).mean()


def train(seed, steps=300):
    rng = np.random.default_rng(seed)
    x, y = map(Tensor, points(200, rng))
    weights, losses = start(rng), []
    optimiser = optim.Adam(weights, lr=0.05)
    for _ in range(steps):
        cost = loss(x, y, *weights)
        optimiser.zero_grad()
        cost.backward()
        optimiser.step()
        losses.append(cost.item())
    return losses, weights


def check_gradients(seed):
    rng = np.random.default_rng(seed)
    x, y = points(9, rng)
    return minae.gradcheck(lambda *w: loss(x, y, *w), *start(rng))


if __name__ == "__main__":
    losses, weights = train(seed=0)
    print(f"the loss falls from {losses[0]:.2f} to {losses[-1]:.2f}")
    print(f"huber is what it should be: {check_huber(huber)}")
    print(check_gradients(seed=0))
