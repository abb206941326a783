"""The famous one is left."""

from solution import *

LOSES = ("test_negative_elbo",)
SAYS = "told the step that it should guess"


def negative_elbo(x, z, mu, log_var, logits_of, kinds):
    logits = logits_of(np.eye(kinds)[x.T], z)
    logits = logits - logits.max(axis=2, keepdims=True)
    log_p = logits - np.log(np.exp(logits).sum(axis=2, keepdims=True))
    of_truth = np.take_along_axis(log_p, x.T[:, :, None], axis=2)[:, :, 0]
    charged, _ = free_bits(mu, log_var, 0)
    return (charged - of_truth.sum(axis=0)).mean()
