"""Leaves the holds out, and divides by them."""

from solution import *

LOSES = ("test_nats_per_step",)
SAYS = "the number of steps that count"


def nats_per_step(logits, kinds, lengths):
    peak = logits.max(axis=2, keepdims=True)
    log_sum = np.log(np.exp(logits - peak).sum(axis=2, keepdims=True))
    log_p = logits - peak - log_sum
    came = np.take_along_axis(log_p, kinds[:, :, None], axis=2)[:, :, 0]
    is_step = np.arange(len(kinds))[:, None] < lengths
    return -(came * is_step).mean()
