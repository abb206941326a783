"""np.roll, so that the last step comes before the first."""

from solution import *

LOSES = ("test_negative_elbo",)
SAYS = "brings the last step before the first"


def negative_elbo(x, z, mu, log_var, logits_of, kinds):
    logits = logits_of(np.eye(kinds)[np.roll(x.T, 1, axis=0)], z)
    logits = logits - logits.max(axis=2, keepdims=True)
    log_p = logits - np.log(np.exp(logits).sum(axis=2, keepdims=True))
    of_truth = np.take_along_axis(log_p, x.T[:, :, None], axis=2)[:, :, 0]
    charged, _ = free_bits(mu, log_var, 0)
    return (charged - of_truth.sum(axis=0)).mean()
