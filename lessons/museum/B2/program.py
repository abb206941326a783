"""An adversarial autoencoder with one number for points along a wave."""

import numpy as np

import minae
from minae import Tensor, optim
from minae import functional as F


def points(n, rng):
    """n points around a wave, (n, 2)."""
    t = rng.uniform(-2, 2, (n, 1))
    return np.hstack([t, np.sin(2 * t)]) + 0.1 * rng.standard_normal((n, 2))


def start(rng, hidden=20):
    """The weights of the encoder, the decoder and the judge."""
    ends = [(2, 1), (1, 2), (1, 1)]
    shapes = [s for a, b in ends for s in [(a, hidden), (hidden,), (hidden, b), (b,)]]
    return [Tensor(0.5 * rng.standard_normal(s), requires_grad=True) for s in shapes]


def network(x, w1, b1, w2, b2):
    return (x @ w1 + b1).tanh() @ w2 + b2


def judge_loss(drawn, codes, *judge):
    """The judge is to say 1 of what was drawn from N(0, 1), and 0 of codes."""
    ones, zeros = np.ones(drawn.shape), np.zeros(codes.shape)
    of_drawn = F.binary_cross_entropy_with_logits(network(drawn, *judge), ones)
    return of_drawn + F.binary_cross_entropy_with_logits(network(codes, *judge), zeros)


def loss(x, *weights):
    """The squared error, and what it costs if the judge sees that codes are codes."""
    codes = network(x, *weights[:4])
    error = ((network(codes, *weights[4:8]) - x) ** 2).sum(axis=1).mean()
    logits = network(codes, *weights[8:])
    return error + 0.3 * F.binary_cross_entropy_with_logits(
        logits, np.ones(codes.shape)
    )


def train(seed, steps=800):
    rng = np.random.default_rng(seed)
    x, weights, losses, judged = Tensor(points(200, rng)), start(rng), [], []
    optimiser = optim.Adam(weights[:8], lr=0.01)
    judge_optimiser = optim.Adam(weights[8:], lr=0.01)
    for _ in range(steps):
        judge_optimiser.zero_grad()
        codes = network(x, *weights[:4]).detach()
        nats = judge_loss(rng.standard_normal((200, 1)), codes, *weights[8:])
        nats.backward()
        judged.append(nats.item())
        optimiser.zero_grad()
        total = loss(x, *weights)
        total.backward()
        optimiser.step()
        losses.append(total.item())
    return losses, weights, judged


def check_gradients(seed):
    rng = np.random.default_rng(seed)
    x = points(5, rng)
    return minae.gradcheck(lambda *w: loss(x, *w), *start(rng, hidden=2))


if __name__ == "__main__":
    losses, _, judged = train(seed=0)
    print(f"the loss falls from {losses[0]:.2f} to {losses[-1]:.2f}")
    print(f"the judge's loss is {judged[0]:.2f} before, {judged[-1]:.2f} after")
    print(check_gradients(seed=0))
