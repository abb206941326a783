"""The draft: pictures in another order than codes."""

from solution import *

LOSES = ("test_log_likelihoods",)
SAYS = "do not belong together"


def log_likelihoods(x, z, logits_of):
    k, n, latent = z.shape
    logits = logits_of(z.reshape(k * n, latent))
    pictures = np.repeat(x, k, axis=0)
    log_p = pictures * logits - np.logaddexp(0, logits)
    return log_p.sum(axis=1).reshape(k, n)
