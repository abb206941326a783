"""Exercise 17: one solution."""

import numpy as np

import minae
from minae import Tensor, data, nn, optim
from minae import functional as F


def reparameterize(mu, log_var, eps):
    noise = np.exp(log_var / 2) * eps
    return mu + noise, (lambda g: g, lambda g: noise * g / 2)


def gaussian_kl(mu, log_var):
    var = np.exp(log_var)
    kl = np.sum(mu**2 + var - 1 - log_var, axis=1) / 2
    return kl, (lambda g: g[:, None] * mu, lambda g: g[:, None] * (var - 1) / 2)


def score_function(f, mu, log_var, eps):
    values = f(mu + np.exp(log_var / 2) * eps)
    return values * eps / np.exp(log_var / 2), values * (eps**2 - 1) / 2


def pathwise(slope, mu, log_var, eps):
    z, (to_mu, to_log_var) = reparameterize(mu, log_var, eps)
    return to_mu(slope(z)), to_log_var(slope(z))


def train_vae(x, new_x, hidden, latent, epochs, batch_size, lr, seed):
    sample, cost = minae.differentiable(reparameterize), minae.differentiable(gaussian_kl)
    rng, pixels = np.random.default_rng(seed), x.shape[1]
    layer = lambda m, n: nn.Linear(m, n, rng=rng)
    encoder = nn.Sequential(layer(pixels, hidden), nn.ReLU(), layer(hidden, 2 * latent))
    decoder = nn.Sequential(layer(latent, hidden), nn.ReLU(), layer(hidden, pixels))

    def terms(pictures):
        both = encoder(Tensor(pictures))
        mu, log_var = both[:, :latent], both[:, latent:]
        eps = rng.standard_normal(mu.shape, dtype=np.float32)
        logits = decoder(sample(mu, log_var, Tensor(eps)))
        surprise = F.binary_cross_entropy_with_logits(logits, Tensor(pictures), "sum")
        return surprise / len(pictures), cost(mu, log_var).sum() / len(pictures)

    optimizer = optim.Adam([*encoder.parameters(), *decoder.parameters()], lr)
    for _ in range(epochs):
        for chosen in data.batches(len(x), batch_size, rng):
            reconstruction, kl = terms(x[chosen])
            optimizer.zero_grad()
            (reconstruction + kl).backward()
            optimizer.step()
    reconstruction, kl = terms(new_x)
    z = rng.standard_normal((25, latent), dtype=np.float32)
    return reconstruction.item(), kl.item(), F.sigmoid(decoder(Tensor(z))).numpy()


def negative_elbo(x, mu, log_var, eps, logits_of):
    z, _ = reparameterize(mu, log_var, eps)
    logits = logits_of(z)
    of_pixels = np.logaddexp(0, logits) - x * logits
    return of_pixels.sum(axis=1).mean(), gaussian_kl(mu, log_var)[0].mean()


def agree(sample, kl, seed):
    rng = np.random.default_rng(seed)
    for _ in range(20):
        mu, log_var = rng.standard_normal((2, 1, 3)).repeat(10_000, axis=1)
        eps = rng.standard_normal(mu.shape)
        z = sample(mu, log_var, eps)
        estimates = np.sum(z**2 - eps**2 - log_var, axis=1) / 2
        error = estimates.std() / np.sqrt(len(estimates))
        if not abs(estimates.mean() - kl(mu, log_var)[0]) < 5 * error:
            return False
    return True


def shaking(offset, mu, log_var, n, seed):
    eps = np.random.default_rng(seed).standard_normal(n)
    by_score, _ = score_function(lambda z: np.sin(2 * z) + offset, mu, log_var, eps)
    by_path, _ = pathwise(lambda z: 2 * np.cos(2 * z), mu, log_var, eps)
    return by_score.var(), by_path.var()


WHY_IT_SHAKES = (
    "The score function's, by about 10,000 / var of z: all of f stands before its noise; a path sees slopes alone."
)
