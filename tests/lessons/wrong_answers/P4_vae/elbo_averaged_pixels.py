"""The reconstruction is averaged over the numbers of a picture: beta is as many."""

import numpy as np
from solution import *

LOSES = ("test_negative_elbo", "test_coins", "test_bells")
SAYS = "averaged over the numbers of a picture: they are summed"


def negative_elbo(vae, x, eps, likelihood):
    encoder, decoder, log_var = vae
    both, to_encoder = network(encoder, x)
    mu, code_log_var = np.split(both, 2, axis=1)
    z, (sample_to_mu, sample_to_log_var) = reparameterize(mu, code_log_var, eps)
    output, to_decoder = network(decoder, z)
    if likelihood == "bell":
        reconstruction, (to_output, to_log_var) = gaussian_reconstruction(x, output, log_var)
        of_log_var = to_log_var(1.0)
    else:
        reconstruction, (to_output, _) = binary_cross_entropy_with_logits(output, x)
        of_log_var = np.zeros_like(log_var)
    kl, (kl_to_mu, kl_to_log_var) = gaussian_kl(mu, code_log_var)
    of_z, of_decoder = to_decoder(to_output(1.0 / x.shape[1]))
    each = np.full_like(kl, 1 / len(x))
    of_both = sample_to_mu(of_z) + kl_to_mu(each), sample_to_log_var(of_z) + kl_to_log_var(each)
    _, of_encoder = to_encoder(np.concatenate(of_both, axis=1))
    return reconstruction / x.shape[1], kl.mean(), (of_encoder, of_decoder, of_log_var)


def train(x, likelihood, latent, seed):
    vae, states = new_vae(x, likelihood, latent, seed), None
    for epoch in range(EPOCHS // 3):
        lr = LR * (1 - epoch / EPOCHS)
        seen = prepare(x, likelihood, [seed, epoch, 0])
        rng = np.random.default_rng([seed, epoch, 1])
        for rows in batches(len(x), BATCH_SIZE, [seed, epoch, 2]):
            eps = rng.standard_normal((len(rows), latent), np.float32)
            _, _, slopes = negative_elbo(vae, seen[rows], eps, likelihood)
            vae, states = step(vae, slopes, states, lr)
    return vae
