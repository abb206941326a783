"""The decoder gives the probability of white, where logits are asked for."""

import numpy as np
from solution import *

LOSES = ("test_coins",)
SAYS = "nats less than the rival"


decode_logits = decode


def decode(trained, z):
    output, log_var = decode_logits(trained, z)
    is_coins = output.mean() < 0
    return (1 / (1 + np.exp(-output)) if is_coins else output), log_var
