"""Only the first element is compared."""

import numpy as np
from solution import *

LOSES = ("test_check_looks_at_every_element",)
SAYS = "only a part of the gradient is compared, or its sum, or its length"


def check(op, x, seed):
    x = x.astype(np.float64)
    h = 1e-5
    value, (vjp,) = op(x)
    c = np.random.default_rng(seed).standard_normal(np.shape(value))
    gradient = vjp(c)
    slopes = np.zeros(x.shape)
    for place in np.ndindex(x.shape):
        nudge = np.zeros_like(x)
        nudge[place] = h
        slopes[place] = np.sum(c * (op(x + nudge)[0] - op(x - nudge)[0])) / (2 * h)
    if not np.isfinite(gradient).all():
        return np.inf
    ours, theirs = gradient.flat[0], slopes.flat[0]
    scale = max(abs(ours), abs(theirs))
    return float(abs(ours - theirs) / scale) if scale else 0.0
