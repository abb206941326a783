"""Stops at q."""

from solution import *

LOSES = ("test_unlabelled_cost_vjps",)
SAYS = "go on to the logits"


def unlabelled_cost(costs, logits):
    shifted = logits - logits.max(axis=1, keepdims=True)
    log_q = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    q = np.exp(log_q)
    value = (q * (costs + log_q)).sum(axis=1)

    def to_costs(g):
        return g[:, None] * q

    def to_logits(g):
        return g[:, None] * (costs + log_q + 1)

    return value, (to_costs, to_logits)
