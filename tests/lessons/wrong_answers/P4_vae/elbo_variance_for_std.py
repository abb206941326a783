"""The noise of the code is multiplied by the variance."""

import numpy as np
from solution import *

LOSES = ("test_negative_elbo",)
SAYS = "it is the root of it"


def negative_elbo(vae, x, eps, likelihood):
    encoder, decoder, log_var = vae
    both, to_encoder = network(encoder, x)
    mu, code_log_var = np.split(both, 2, axis=1)
    z, (sample_to_mu, sample_to_log_var) = reparameterize(mu, 2 * code_log_var, eps)
    output, to_decoder = network(decoder, z)
    if likelihood == "bell":
        reconstruction, (to_output, to_log_var) = gaussian_reconstruction(x, output, log_var)
        of_log_var = to_log_var(1.0)
    else:
        reconstruction, (to_output, _) = binary_cross_entropy_with_logits(output, x)
        of_log_var = np.zeros_like(log_var)
    kl, (kl_to_mu, kl_to_log_var) = gaussian_kl(mu, code_log_var)
    of_z, of_decoder = to_decoder(to_output(1.0))
    each = np.full_like(kl, 1 / len(x))
    of_both = sample_to_mu(of_z) + kl_to_mu(each), 2 * sample_to_log_var(of_z) + kl_to_log_var(each)
    _, of_encoder = to_encoder(np.concatenate(of_both, axis=1))
    return reconstruction, kl.mean(), (of_encoder, of_decoder, of_log_var)
