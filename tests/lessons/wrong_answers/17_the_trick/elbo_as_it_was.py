"""The draft."""

from solution import *

LOSES = ("test_negative_elbo_belongs_together",)
SAYS = "this is still the draft"


def negative_elbo(x, mu, log_var, eps, logits_of):
    z = mu + 0.01 * np.exp(log_var) * eps
    logits = logits_of(z)
    surprise = np.maximum(logits, 0) - logits * x + np.log1p(np.exp(-np.abs(logits)))
    kl = -0.5 * np.sum(1 + log_var - mu**2 - np.exp(log_var), axis=1)
    return np.mean(np.sum(surprise, axis=1)), np.mean(kl)
