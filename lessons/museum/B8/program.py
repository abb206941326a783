"""A VAE for 300 small digits, with two numbers."""

import numpy as np

import minae
from minae import Tensor, data, optim
from minae import functional as F


def digits(first, last):
    """Test digits of MNIST, half as large, black and white, (n, 196)."""
    images = data.mnist("test")[0][first:last].reshape(-1, 14, 2, 14, 2)
    return (images.mean(axis=(2, 4)).reshape(-1, 196) > 0.4).astype(float)


def start(rng, pixels=196, hidden=40, latent=2):
    """The weights of the encoder, then of the decoder."""
    encoder = [(pixels, hidden), (hidden, 2 * latent)]
    decoder = [(latent, hidden), (hidden, pixels), (1, pixels)]
    sizes = encoder + decoder
    return [Tensor(0.2 * rng.standard_normal(s), requires_grad=True) for s in sizes]


def encode(x, weights):
    code = (x @ weights[0]).tanh() @ weights[1]
    latent = code.shape[1] // 2
    return code[:, :latent], code[:, latent:]


def decode(z, weights):
    """The logits of the pixels."""
    return (z @ weights[2]).tanh() @ weights[3] + weights[4]


def noise(rng, shape):
    return rng.normal(0, 0.01, shape)


def loss(x, eps, *weights):
    """The negative ELBO, in nats per picture."""
    mu, log_var = encode(x, weights)
    logits = decode(mu + (0.5 * log_var).exp() * eps, weights)
    of_pixels = F.binary_cross_entropy_with_logits(logits, x, reduction="sum")
    return of_pixels / len(x) + F.gaussian_kl(mu, log_var).mean()


def train(seed, steps=400):
    rng = np.random.default_rng(seed)
    x, weights, losses = digits(0, 300), start(rng), []
    optimiser = optim.Adam(weights, lr=0.01)
    for _ in range(steps):
        batch = rng.choice(300, 100, replace=False)
        total = loss(Tensor(x[batch]), noise(rng, (100, 2)), *weights)
        optimiser.zero_grad()
        total.backward()
        optimiser.step()
        losses.append(total.item())
    return losses, weights


def check_gradients(seed):
    rng = np.random.default_rng(seed)
    x, eps = rng.integers(0, 2, (3, 4)) * 1.0, noise(rng, (3, 2))
    return minae.gradcheck(lambda *w: loss(x, eps, *w), *start(rng, 4, 2, 2))


if __name__ == "__main__":
    losses, _ = train(seed=0)
    print(f"{losses[0]:.1f} nats per picture before, {np.mean(losses[-40:]):.1f} after")
    print(check_gradients(seed=0))
