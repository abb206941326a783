"""A VAE for 300 small digits."""

import numpy as np

import minae
from minae import Tensor, data, optim
from minae import functional as F


def digits(first, last):
    """Test digits of MNIST, half as large, black and white, (n, 196)."""
    images = data.mnist("test")[0][first:last].reshape(-1, 14, 2, 14, 2)
    return (images.mean(axis=(2, 4)).reshape(-1, 196) > 0.4).astype(float)


def start(rng, pixels=196, hidden=32, latent=4):
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


def losses_of(x, logits, mu, log_var):
    """The two parts of the loss: the reconstruction and the KL."""
    reconstruction = F.binary_cross_entropy_with_logits(logits, x)
    kl = 0.5 * (mu**2 + log_var.exp() - 1 - log_var).sum(axis=1).mean()
    return reconstruction, kl


def loss(x, eps, *weights):
    mu, log_var = encode(x, weights)
    logits = decode(mu + (0.5 * log_var).exp() * eps, weights)
    reconstruction, kl = losses_of(x, logits, mu, log_var)
    return reconstruction + kl


def train(seed, steps=300):
    rng = np.random.default_rng(seed)
    x, weights, losses = digits(0, 300), start(rng), []
    optimiser = optim.Adam(weights, lr=0.01)
    for _ in range(steps):
        batch = rng.choice(300, 100, replace=False)
        total = loss(Tensor(x[batch]), rng.standard_normal((100, 4)), *weights)
        optimiser.zero_grad()
        total.backward()
        optimiser.step()
        losses.append(total.item())
    return losses, weights


def check_gradients(seed):
    rng = np.random.default_rng(seed)
    x, eps = rng.integers(0, 2, (3, 4)) * 1.0, rng.standard_normal((3, 2))
    return minae.gradcheck(lambda *w: loss(x, eps, *w), *start(rng, 4, 2, 2))


if __name__ == "__main__":
    losses, _ = train(seed=0)
    print(f"the loss falls from {losses[0]:.2f} to {np.mean(losses[-30:]):.2f}")
    print(check_gradients(seed=0))
