"""A mean over pixels."""

from solution import *

LOSES = ("test_log_likelihoods",)
SAYS = "a mean over pixels"


def log_likelihoods(x, z, logits_of):
    k, n, latent = z.shape
    logits = logits_of(z.reshape(k * n, latent)).reshape(k, n, -1)
    return (x * logits - np.logaddexp(0, logits)).mean(axis=2)
