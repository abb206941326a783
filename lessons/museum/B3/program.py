"""A discriminator: does a code come from N(0, I), or from a ring?"""

import numpy as np

import minae
from minae import Tensor, optim
from minae import functional as F


def codes(n, rng):
    """n codes from N(0, I), and n codes of a ring: both (n, 2)."""
    real, ring = rng.standard_normal((2, n, 2))
    ring /= np.sqrt((ring**2).sum(axis=1, keepdims=True))
    return real, 2.5 * ring + 0.3 * rng.standard_normal((n, 2))


def start(rng, inputs=2, hidden=40):
    """The weights of three layers, to one number."""
    sizes = [(inputs, hidden), (1, hidden), (hidden, hidden), (hidden, 1)]
    weights = [rng.standard_normal(s) / np.sqrt(s[0]) for s in sizes]
    return [Tensor(weight, requires_grad=True) for weight in weights]


def logit(x, w1, b1, w2, w3):
    """How sure it is that the codes x come from N(0, I)."""
    h = (x @ w1 + b1).tanh()
    h = (h @ w2).tanh()
    return h @ w2


def loss(real, ring, *weights):
    """The cross-entropy of both kinds, in nats."""
    of_real, of_ring = logit(real, *weights), logit(ring, *weights)
    ones, zeros = np.ones(of_real.shape), np.zeros(of_ring.shape)
    right = F.binary_cross_entropy_with_logits(of_real, ones)
    return right + F.binary_cross_entropy_with_logits(of_ring, zeros)


def train(seed, steps=300):
    rng = np.random.default_rng(seed)
    real, ring = map(Tensor, codes(300, rng))
    weights, losses = start(rng), []
    optimiser = optim.Adam(weights, lr=0.01)
    for _ in range(steps):
        nats = loss(real, ring, *weights)
        optimiser.zero_grad()
        nats.backward()
        optimiser.step()
        losses.append(nats.item())
    return losses, weights


def check_gradients(seed):
    rng = np.random.default_rng(seed)
    real, ring = codes(5, rng)
    return minae.gradcheck(lambda *w: loss(real, ring, *w), *start(rng, hidden=4))


if __name__ == "__main__":
    losses, weights = train(seed=0)
    print(f"{losses[0]:.2f} nats before, {losses[-1]:.2f} after")
    print(check_gradients(seed=0))
