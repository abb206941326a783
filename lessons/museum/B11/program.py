"""An adversarial autoencoder with two numbers for points of a rectangle."""

import numpy as np

import minae
from minae import Tensor, optim
from minae import functional as F


def points(n, rng):
    """n points of a slanting rectangle, (n, 2)."""
    long, short = rng.uniform(-3, 3, n), rng.uniform(-1, 1, n)
    return np.stack([long + short + 1, long - short], axis=1)


def start(rng, hidden=20):
    """The weights of the encoder, the decoder and the judge."""
    ends = [(2, 2), (2, 2), (2, 1)]
    shapes = [s for a, b in ends for s in [(a, hidden), (hidden,), (hidden, b), (b,)]]
    return [Tensor(rng.standard_normal(s), requires_grad=True) for s in shapes]


def network(x, w1, b1, w2, b2):
    return (x @ w1 + b1).tanh() @ w2 + b2


def shown(x, drawn, weights):
    """What the judge is to say 1 of, and what it is to say 0 of."""
    codes = network(x, *weights[:4])
    return x, network(codes, *weights[4:8])


def judge_loss(x, drawn, weights):
    real, made = shown(x, drawn, weights)
    ones, zeros = np.ones((len(x), 1)), np.zeros((len(x), 1))
    of_real, of_made = (network(z, *weights[8:]) for z in (real, made.detach()))
    nats = F.binary_cross_entropy_with_logits(of_real, ones)
    return nats + F.binary_cross_entropy_with_logits(of_made, zeros)


def loss(x, drawn, *weights):
    """The squared error, and what it costs if the judge is not fooled."""
    copies = network(network(x, *weights[:4]), *weights[4:8])
    error = ((copies - x) ** 2).sum(axis=1).mean()
    logits = network(shown(x, drawn, weights)[1], *weights[8:])
    return error + F.binary_cross_entropy_with_logits(logits, np.ones((len(x), 1)))


def train(seed, steps=800):
    """Draws from N(0, I) are what codes are to look like."""
    rng = np.random.default_rng(seed)
    x, weights, losses = Tensor(points(200, rng)), start(rng), []
    optimiser = optim.Adam(weights[:8], lr=0.01)
    judge_optimiser = optim.Adam(weights[8:], lr=0.01)
    for _ in range(steps):
        drawn = Tensor(rng.standard_normal((200, 2)))
        judge_optimiser.zero_grad()
        judge_loss(x, drawn, weights).backward()
        judge_optimiser.step()
        optimiser.zero_grad()
        total = loss(x, drawn, *weights)
        total.backward()
        optimiser.step()
        losses.append(total.item())
    return losses, weights


def check_gradients(seed):
    rng = np.random.default_rng(seed)
    x, drawn = points(5, rng), rng.standard_normal((5, 2))
    return minae.gradcheck(lambda *w: loss(x, drawn, *w), *start(rng, hidden=2))


if __name__ == "__main__":
    losses, _ = train(seed=0)
    print(f"the loss falls from {losses[0]:.2f} to {losses[-1]:.2f}")
    print(check_gradients(seed=0))
