"""A VAE for 300 small digits, validated on 100 others."""

import numpy as np

import minae
from minae import Tensor, data, optim
from minae import functional as F

BETA = 8.0  # what a nat of the KL counts


def digits(first, last):
    """Test digits of MNIST, half as large, black and white, (n, 196)."""
    images = data.mnist("test")[0][first:last].reshape(-1, 14, 2, 14, 2)
    return (images.mean(axis=(2, 4)).reshape(-1, 196) > 0.4).astype(float)


def start(rng, pixels=196, hidden=40, latent=4):
    """The weights of the encoder, then of the decoder."""
    encoder = [(pixels, hidden), (hidden, 2 * latent)]
    decoder = [(latent, hidden), (hidden, pixels), (1, pixels)]
    sizes = encoder + decoder
    return [Tensor(0.2 * rng.standard_normal(s), requires_grad=True) for s in sizes]


def losses_of(x, eps, weights):
    """The reconstruction and the KL, in nats per picture."""
    code = (x @ weights[0]).tanh() @ weights[1]
    latent = code.shape[1] // 2
    mu, log_var = code[:, :latent], code[:, latent:]
    z = mu + (0.5 * log_var).exp() * eps
    logits = (z @ weights[2]).tanh() @ weights[3] + weights[4]
    of_pixels = F.binary_cross_entropy_with_logits(logits, x, reduction="sum")
    return of_pixels / len(x), F.gaussian_kl(mu, log_var).mean()


def loss(x, eps, *weights):
    reconstruction, kl = losses_of(x, eps, weights)
    return reconstruction + BETA * kl


def validate(x, eps, *weights):
    reconstruction, kl = losses_of(x, eps, weights)
    return reconstruction + kl


def train(seed, steps=400):
    """The losses, the weights, and what validation found on the way."""
    rng = np.random.default_rng(seed)
    x, held_out, weights = digits(0, 300), Tensor(digits(300, 400)), start(rng)
    losses, validated = [], []
    optimiser = optim.Adam(weights, lr=0.01)
    for _ in range(steps):
        batch = Tensor(x[rng.choice(300, 100, replace=False)])
        total = loss(batch, rng.standard_normal((100, 4)), *weights)
        optimiser.zero_grad()
        total.backward()
        optimiser.step()
        losses.append(total.item())
        nats = validate(held_out, rng.standard_normal((100, 4)), *weights)
        validated.append(nats.item())
    return losses, weights, validated


def check_gradients(seed):
    rng = np.random.default_rng(seed)
    x, eps = rng.integers(0, 2, (3, 4)) * 1.0, rng.standard_normal((3, 2))
    return minae.gradcheck(lambda *w: loss(x, eps, *w), *start(rng, 4, 2, 2))


if __name__ == "__main__":
    losses, _, validated = train(seed=0)
    print(f"training falls from {losses[0]:.1f} to {np.mean(losses[-40:]):.1f}")
    print(f"validation falls from {validated[0]:.1f} to {np.mean(validated[-40:]):.1f}")
    print(check_gradients(seed=0))
