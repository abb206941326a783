"""Codes along axis 1."""

from solution import *

LOSES = ("test_log_likelihoods",)
SAYS = "for each code of each picture"


def log_likelihoods(x, z, logits_of):
    k, n, latent = z.shape
    logits = logits_of(z.reshape(k * n, latent)).reshape(k, n, -1)
    return (x * logits - np.logaddexp(0, logits)).sum(axis=2).T
