"""The draft."""

from solution import *

LOSES = ("test_negative_elbo",)
SAYS = "this is still the draft"


def negative_elbo(x, z, mu, log_var, logits_of, kinds):
    told = np.eye(kinds)[x.T]
    logits = logits_of(told, z)
    logits = logits - logits.max(axis=2, keepdims=True)
    log_p = logits - np.log(np.exp(logits).sum(axis=2, keepdims=True))
    of_truth = np.take_along_axis(log_p, x.T[:, :, None], axis=2)[:, :, 0]
    kl = (mu**2 + np.exp(log_var) - 1 - log_var).sum(axis=1) / 2
    return (kl - of_truth.mean(axis=0)).mean()
