"""The project of Part IV: one solution."""

from itertools import pairwise

import numpy as np
from earlier import (
    adam,
    batches,
    binary_cross_entropy_with_logits,
    gaussian_kl,
    gaussian_reconstruction,
    init_weight,
    linear,
    pca,
    relu,
    reparameterize,
    surprise,
)

HIDDEN, EPOCHS, BATCH_SIZE, LR = 256, 30, 64, 0.003


def prepare(x, likelihood, seed):
    rng = np.random.default_rng(seed)
    if likelihood == "grey":
        return x
    noise = rng.random(x.shape, x.dtype)
    return (noise < x).astype(x.dtype) if likelihood == "coins" else (255 * x + noise) / 256


def network(layers, x):
    steps = []
    for number, (weight, bias) in enumerate(layers):
        bend = None
        if number:
            x, (bend,) = relu(x)
        x, back = linear(x, weight, bias)
        steps.append((bend, back))

    def vjp(g):
        slopes = []
        for bend, (to_x, to_weight, to_bias) in reversed(steps):
            slopes.append((to_weight(g), to_bias(g)))
            g = to_x(g)
            if bend:
                g = bend(g)
        return g, slopes[::-1]

    return x, vjp


def negative_elbo(vae, x, eps, likelihood):
    encoder, decoder, log_var = vae
    both, to_encoder = network(encoder, x)
    mu, code_log_var = np.split(both, 2, axis=1)
    z, (sample_to_mu, sample_to_log_var) = reparameterize(mu, code_log_var, eps)
    output, to_decoder = network(decoder, z)
    if likelihood != "bell":
        reconstruction, (to_output, _) = binary_cross_entropy_with_logits(output, x)
        of_log_var = np.zeros_like(log_var)
    else:
        reconstruction, (to_output, to_log_var) = gaussian_reconstruction(x, output, log_var)
        of_log_var = to_log_var(1.0)
    kl, (kl_to_mu, kl_to_log_var) = gaussian_kl(mu, code_log_var)
    of_z, of_decoder = to_decoder(to_output(1.0))
    each = np.full_like(kl, 1 / len(x))
    of_both = sample_to_mu(of_z) + kl_to_mu(each), sample_to_log_var(of_z) + kl_to_log_var(each)
    _, of_encoder = to_encoder(np.concatenate(of_both, axis=1))
    return reconstruction, kl.mean(), (of_encoder, of_decoder, of_log_var)


def new_layers(sizes, seed):
    return [
        (init_weight(n, m, [seed, number]).astype(np.float32), np.zeros(n, np.float32))
        for number, (m, n) in enumerate(pairwise(sizes))
    ]


def new_vae(x, likelihood, latent, seed):
    """It begins with codes that say little, at the mean picture, and with the noise that PCA leaves."""
    encoder = new_layers((x.shape[1], HIDDEN, 2 * latent), 2 * seed)
    decoder = new_layers((latent, HIDDEN, x.shape[1]), 2 * seed + 1)
    mean, components = pca(x, latent)
    left = np.mean((x - mean) ** 2) - np.mean(((x - mean) @ components.T) ** 2) * latent / x.shape[1]
    share = np.clip(mean, 0.01, 0.99)
    start = mean if likelihood == "bell" else np.log(share / (1 - share))
    encoder[-1] = 0.1 * encoder[-1][0], encoder[-1][1]
    decoder[-1] = 0.1 * decoder[-1][0], start.astype(np.float32)
    return encoder, decoder, np.full(1, np.log(left), np.float32)


def train(x, likelihood, latent, seed):
    vae, states = new_vae(x, likelihood, latent, seed), None
    for epoch in range(EPOCHS):
        lr = LR * (1 - epoch / EPOCHS)
        seen = prepare(x, likelihood, [seed, epoch, 0])
        rng = np.random.default_rng([seed, epoch, 1])
        for rows in batches(len(x), BATCH_SIZE, [seed, epoch, 2]):
            eps = rng.standard_normal((len(rows), latent), np.float32)
            _, _, slopes = negative_elbo(vae, seen[rows], eps, likelihood)
            vae, states = step(vae, slopes, states, lr)
    return vae


def step(vae, slopes, states, lr):
    arrays, slopes = flat(vae), flat(slopes)
    states = states or [(0.0, 0.0, 0)] * len(arrays)
    arrays, states = zip(*(adam(*one, lr) for one in zip(arrays, slopes, states)))
    pairs = list(zip(arrays[:-1:2], arrays[1:-1:2]))
    return (pairs[: len(vae[0])], pairs[len(vae[0]) :], arrays[-1]), states


def flat(vae):
    encoder, decoder, log_var = vae
    return [*(array for pair in (*encoder, *decoder) for array in pair), log_var]


def encode(trained, x):
    return tuple(np.split(network(trained[0], x)[0], 2, axis=1))


def decode(trained, z):
    _, decoder, log_var = trained
    return network(decoder, z)[0], log_var


def log_likelihood(x, output, log_var, likelihood):
    if likelihood != "bell":
        return np.sum(x * output - np.logaddexp(0, output), axis=1)
    squares = (x - output) ** 2 / np.exp(log_var)
    return -np.sum(squares + log_var + np.log(2 * np.pi), axis=1) / 2


def log_weights(mu, log_var, log_p_x_given, k, seed):
    rows, rng = [], np.random.default_rng(seed)
    for _ in range(k):
        eps = rng.standard_normal(mu.shape)
        z = mu + np.exp(log_var / 2) * eps
        log_prior_to_q = np.sum(eps**2 + log_var - z**2, axis=1) / 2  # the constants cancel
        rows.append(log_p_x_given(z) + log_prior_to_q)
    return np.array(rows)


def bounds(log_weights):
    largest = log_weights.max(axis=0)
    return log_weights.mean(axis=0), largest + np.log(np.mean(np.exp(log_weights - largest), axis=0))


def difference(ours, theirs):
    gain = ours - theirs
    return gain.mean(), gain.std(ddof=1) / np.sqrt(len(gain))


def active_units(mu):
    return int(np.sum(mu.var(axis=0) > 0.01))


def ppca(learned, k, new):
    learned = learned.astype(np.float64)
    mean, directions = pca(learned, k)
    size = learned.shape[1]
    along = np.var((learned - mean) @ directions.T, axis=0)
    noise = (np.sum(np.var(learned, axis=0)) - along.sum()) / (size - k)
    covariance = (directions.T * (along - noise)) @ directions + noise * np.eye(size)
    return -surprise(new.astype(np.float64), mean, covariance)
