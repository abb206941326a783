"""Within one standard error: right programs are refused."""

import numpy as np
from solution import *

LOSES = (
    "test_is_dropout_knows_the_numbers",
    "test_is_dropout_knows_the_dice",
)
SAYS = "narrower than 5 standard errors"


def near(happened, probability):
    """Whether the share of what happened is within 6 standard errors."""
    error = np.sqrt(probability * (1 - probability) / happened.size)
    return bool(abs(happened.mean() - probability) < 1 * error)


def is_dropout(drop, seed):
    rng, rate = np.random.default_rng(seed), 0.2
    x = rng.uniform(1, 2, (300, 301))
    ours, others = (drop(x, rate, int(s)) for s in rng.choice(10**6, 2, replace=False))
    zeros = [ours == 0, others == 0]
    if not np.allclose(ours, np.where(zeros[0], 0, x / (1 - rate))):
        return False
    pairs = {
        "two seeds": (zeros[0], zeros[1]),
        "two rows": (zeros[0][1:], zeros[0][:-1]),
        "two columns": (zeros[0][:, 1:], zeros[0][:, :-1]),
    }
    is_fair = near(zeros[0], rate)
    return is_fair and all(near(a & b, rate**2) for a, b in pairs.values())
