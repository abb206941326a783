"""The holds behind the end count."""

from solution import *

LOSES = ("test_nats_per_step",)
SAYS = "still count"


def nats_per_step(logits, kinds, lengths):
    peak = logits.max(axis=2, keepdims=True)
    log_sum = np.log(np.exp(logits - peak).sum(axis=2, keepdims=True))
    log_p = logits - peak - log_sum
    came = np.take_along_axis(log_p, kinds[:, :, None], axis=2)
    return -came.mean()
